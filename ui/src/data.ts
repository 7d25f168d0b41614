// What the window remembers of the desk's answers, and when it asks again: at the desk's own events, never by a timer.
import { QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { CustomerView, Hit, OutboxItem, Status } from './ipc';
import { useDeskEvent, usePlatform } from './platform/context';

export const keys = {
  status: ['status'] as const,
  outbox: ['outbox'] as const,
  recent: ['recent'] as const,
  customer: (id: string) => ['customer', id] as const,
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

export function useCustomer(id: string) {
  const platform = usePlatform();
  return useQuery<CustomerView>({ queryKey: keys.customer(id), queryFn: () => platform.open(id) });
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
      for (const id of event.customers) void client.invalidateQueries({ queryKey: keys.customer(id) });
    }
    if (event.event === 'action') {
      void client.invalidateQueries({ queryKey: keys.outbox });
      void client.invalidateQueries({ queryKey: keys.customer(event.item.customer) });
    }
  });
}
