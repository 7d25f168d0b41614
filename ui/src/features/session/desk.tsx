import { useLingui } from '@lingui/react/macro';
import { createContext, type ReactNode, useContext } from 'react';
import type { Agent, Start } from '../../ipc';

/** What is known from the moment of signing in: who, where, and what brands and purposes are called. */
export type Desk = Start & { agent: Agent; signOut: () => void };

const Context = createContext<Desk | null>(null);

export function DeskProvider({ desk, children }: { desk: Desk; children: ReactNode }) {
  return <Context value={desk}>{children}</Context>;
}

export function useDesk(): Desk {
  const desk = useContext(Context);
  if (!desk) throw new Error('useDesk outside of DeskProvider');
  return desk;
}

/** Brands and purposes by the names of the language that is shown. */
export function useNames() {
  const { brands, purposes } = useDesk();
  const { i18n } = useLingui();
  const named = (one: { name_en: string; name_ja: string } | undefined, id: string) =>
    (i18n.locale === 'ja' ? one?.name_ja : one?.name_en) ?? id;
  return {
    brand: (id: string) =>
      named(
        brands.find((one) => one.id === id),
        id,
      ),
    purpose: (brand: string, id: string) =>
      named(
        purposes.find((one) => one.id === id && one.brand === brand),
        id,
      ),
  };
}
