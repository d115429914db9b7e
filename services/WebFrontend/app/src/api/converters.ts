import { useQuery } from '@tanstack/react-query';
import { api } from './client';
import type { Converter } from './types';

const WHILE_FINE = 15_000;
const WHILE_NOT = 3_000;

/** The converters, looked at again now and then: often while there is none or no answer. */
export function useConverters() {
  return useQuery<Converter[]>({
    queryKey: ['converters'],
    queryFn: async ({ signal }) => (await api.GET('/api/converters', { signal })).data!,
    refetchInterval: ({ state }) => (state.status === 'success' && (state.data?.length ?? 0) > 0 ? WHILE_FINE : WHILE_NOT),
    retry: false,
  });
}
