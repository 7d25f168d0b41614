// An action whose outcome is in sight in a dialog is not told again in the corner.
import { store } from '../../ui/store';

/** Actions whose outcome a dialog shows. */
export const followed = store<ReadonlySet<string>>(new Set());
/** How many requests are on their way to the desk: until they are answered nobody knows the id of their action. */
export const asking = store(0);

export function follow(actionId: string) {
  followed.set((now) => new Set(now).add(actionId));
}

export function unfollow(actionId: string) {
  followed.set((now) => {
    const next = new Set(now);
    return next.delete(actionId) ? next : now;
  });
}
