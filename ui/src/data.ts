// What the window remembers of the desk's answers, and when it asks again: at the desk's own events, never by a timer.
import { QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { workspace } from './features/frame/workspace';
import type { Account, CustomerView, Hit, OutboxItem, Status } from './ipc';
import { useDeskEvent, usePlatform } from './platform/context';
import type { Platform } from './platform/platform';

export const keys = {
  status: ['status'] as const,
  outbox: ['outbox'] as const,
  recent: ['recent'] as const,
  customers: ['customer'] as const,
  customer: (id: string) => ['customer', id] as const,
  /** The customer whom the desk was last told to be in front. */
  front: ['front'] as const,
};

/** One memory for each window. The desk is on this machine, so calls go out whatever the network does. */
export function memory(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: false,
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

export function useStatus(): Status | undefined {
  const platform = usePlatform();
  return useQuery({ queryKey: keys.status, queryFn: () => platform.status() }).data;
}

/**
 * One customer. The first reading after they came to the front counts as opening them; every other one leaves the list
 * of recent customers as it is.
 */
export const customerQuery = (platform: Platform, id: string) =>
  queryOptions<CustomerView>({
    queryKey: keys.customer(id),
    queryFn: async ({ client }) => {
      const front = workspace.get().active === id && client.getQueryData(keys.front) !== id;
      const view = await platform.open(id, front);
      if (front) client.setQueryData(keys.front, id);
      return view;
    },
  });

export function useCustomer(id: string) {
  return useQuery(customerQuery(usePlatform(), id));
}

/** Reads a customer again who comes back to the front, so that the desk knows who was opened last. */
export function useComesToFront(id: string) {
  const client = useQueryClient();
  useEffect(() => {
    if (client.getQueryData(keys.front) !== id)
      void client.invalidateQueries({ queryKey: keys.customer(id) });
  }, [client, id]);
}

/** An account as it is known now, of a customer who is kept up to date because they are open. */
export function openAccount(client: QueryClient, item: OutboxItem): Account | undefined {
  const open = client.getQueryCache().find({ queryKey: keys.customer(item.customer), type: 'active' });
  const view = open?.state.data as CustomerView | undefined;
  return view?.accounts.find((one) => one.id === item.account);
}

export function useOutbox() {
  const platform = usePlatform();
  return useQuery<OutboxItem[]>({ queryKey: keys.outbox, queryFn: () => platform.outbox() });
}

export function useRecent() {
  const platform = usePlatform();
  return useQuery<Hit[]>({ queryKey: keys.recent, queryFn: () => platform.recent(), staleTime: 0 });
}

/** Keeps what is remembered in step with the desk's events; used once, by the frame. */
export function useDeskMemory() {
  const client = useQueryClient();
  useDeskEvent((event) => {
    if (event.event === 'status') client.setQueryData(keys.status, event.status);
    if (event.event === 'changed') {
      // Nobody named is everybody: the desk has copied its customers anew.
      const changed =
        event.customers.length === 0 ? [keys.customers] : event.customers.map((id) => keys.customer(id));
      for (const queryKey of changed) void client.invalidateQueries({ queryKey });
      void client.invalidateQueries({ queryKey: keys.outbox });
    }
    if (event.event === 'action') {
      void client.invalidateQueries({ queryKey: keys.outbox });
      void client.invalidateQueries({ queryKey: keys.customer(event.item.customer) });
    }
  });
}
