import { useState } from 'react';
import type { CustomerView, SignIn } from '../../../ipc';
import { type Entry, entriesOf } from './entries';
import { heldBack } from './rows';

const keysOf = (entries: readonly Entry[]): ReadonlySet<string> => new Set(entries.map((one) => one.key));
const same = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  a.size === b.size && [...a].every((key) => b.has(key));

/** The entries to show. While somebody points at the list, what is new at its top waits until it is asked for. */
export function useSteady(view: CustomerView, earlier: readonly SignIn[], touched: boolean) {
  const all = entriesOf(view, earlier);
  const keys = keysOf(all);
  const [shown, setShown] = useState(keys);
  const held = touched ? heldBack(all, shown) : [];
  if (held.length === 0 && !same(shown, keys)) setShown(keys);
  const waiting = new Set(held);
  return {
    entries: held.length === 0 ? all : all.filter((entry) => !waiting.has(entry)),
    held: held.length,
    release: () => setShown(keys),
  };
}
