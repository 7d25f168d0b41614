import { store } from '../../ui/store';

/** What somebody asked for from elsewhere (find, the palette) and the customer's page does once it is in front. */
export type Wish = { customer: string; what: 'unlock' | 'lock' | 'revoke' | 'note' | 'withdraw' } | null;
export const wish = store<Wish>(null);
export const clearWish = () => wish.set(null);
