import type { OutboxItem } from '../../ipc';

export type Lane = { customer: string; name: string; undecided: boolean; items: OutboxItem[] };

/** Whether somebody must decide what becomes of it. */
export const isUndecided = (item: Pick<OutboxItem, 'state'>) =>
  item.state === 'conflict' || item.state === 'refused' || item.state === 'lapsed';

/** Whether it is for whoever is signed in to decide: only who saved an action may. */
export const needsYou = (item: Pick<OutboxItem, 'state' | 'saved_by'>) =>
  isUndecided(item) && item.saved_by === undefined;

/** First what needs a person, then withdrawals, then the oldest: the order in which a customer's actions go out. */
function place(item: OutboxItem): number {
  if (isUndecided(item)) return 0;
  return item.state === 'saved' && item.kind === 'withdraw' ? 1 : 2;
}

/** Actions by customer; customers with something to decide come first, then those who wait longest. */
export function lanesOf(items: readonly OutboxItem[]): Lane[] {
  const lanes = new Map<string, Lane>();
  const open = items.filter((item) => item.state !== 'done' && item.kind !== 'reveal');
  const bySaved = [...open].sort((a, b) => Date.parse(a.saved_at) - Date.parse(b.saved_at));
  for (const item of bySaved) {
    const lane = lanes.get(item.customer) ?? {
      customer: item.customer,
      name: item.customer_name,
      undecided: false,
      items: [],
    };
    lane.items.push(item);
    lane.undecided ||= needsYou(item);
    lanes.set(item.customer, lane);
  }
  for (const lane of lanes.values()) lane.items.sort((a, b) => place(a) - place(b));
  return [...lanes.values()].sort((a, b) => Number(b.undecided) - Number(a.undecided));
}
