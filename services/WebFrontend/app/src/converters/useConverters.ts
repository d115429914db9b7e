import { useQuery } from '@tanstack/react-query';
import { api } from '../http/client';
import type { Converter } from '../http/types';

const REFRESH_INTERVAL = 15_000;
const RETRY_INTERVAL = 3_000;

/** The converters. The list is read again now and then, and more often while it is empty or the server does not answer. */
export function useConverters() {
  return useQuery<Converter[]>({
    queryKey: ['converters'],
    queryFn: async ({ signal }) => (await api.GET('/api/converters', { signal })).data!,
    refetchInterval: ({ state }) => (state.status === 'success' && (state.data?.length ?? 0) > 0 ? REFRESH_INTERVAL : RETRY_INTERVAL),
    retry: false,
  });
}
