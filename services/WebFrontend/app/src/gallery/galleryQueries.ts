import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../http/client';
import type { GalleryItem, GalleryPage } from '../http/types';

const GALLERY_KEY = 'gallery';

/** The pictures of an account, page by page, newest first. */
export function useGallery(owner: string, converter: string | null) {
  return useInfiniteQuery({
    queryKey: [GALLERY_KEY, owner, converter],
    queryFn: async ({ pageParam, signal }): Promise<GalleryPage> => {
      const query = { ...(pageParam === null ? {} : { cursor: pageParam }), ...(converter === null ? {} : { converter }) };
      return (await api.GET('/api/gallery', { params: { query }, signal })).data!;
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    retry: false,
  });
}

/** One picture. It is there at once when the gallery has loaded it before. */
export function useGalleryPicture(owner: string, id: string) {
  const queries = useQueryClient();
  return useQuery<GalleryItem>({
    queryKey: ['picture', owner, id],
    queryFn: async ({ signal }) => (await api.GET('/api/gallery/{id}', { params: { path: { id } }, signal })).data!,
    placeholderData: () =>
      loadedItems(queries.getQueriesData<InfiniteData<GalleryPage>>({ queryKey: [GALLERY_KEY, owner] })).find((item) => item.id === id),
    retry: false,
  });
}

/** The pictures before and after one, among those that the gallery has loaded. */
export function useNeighbours(owner: string, id: string): { newer: string | null; older: string | null } {
  const items = loadedItems(useQueryClient().getQueriesData<InfiniteData<GalleryPage>>({ queryKey: [GALLERY_KEY, owner] }).slice(0, 1));
  const index = items.findIndex((item) => item.id === id);
  return index < 0 ? { newer: null, older: null } : { newer: items[index - 1]?.id ?? null, older: items[index + 1]?.id ?? null };
}

function loadedItems(queries: [unknown, InfiniteData<GalleryPage> | undefined][]): GalleryItem[] {
  return queries.flatMap(([, data]) => data?.pages ?? []).flatMap(({ items }) => items);
}

/** Deleting pictures and restoring them. */
export function useGalleryChanges() {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: [GALLERY_KEY] });

  /** Deletes pictures; for a day they can be restored. Those that could not be deleted stay. */
  async function remove(ids: string[]): Promise<void> {
    const outcomes = await Promise.allSettled(ids.map((id) => api.DELETE('/api/gallery/{id}', { params: { path: { id } } })));
    const deleted = new Set(ids.filter((_, index) => outcomes[index]!.status === 'fulfilled'));
    queries.setQueriesData<InfiniteData<GalleryPage>>({ queryKey: [GALLERY_KEY] }, (data) => data && {
      ...data,
      pages: data.pages.map((page) => ({ ...page, items: page.items.filter((item) => !deleted.has(item.id)) })),
    });
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure !== undefined) {
      void refresh();
      throw failure.reason;
    }
  }

  async function restore(ids: string[]): Promise<void> {
    try {
      await Promise.all(ids.map((id) => api.POST('/api/gallery/{id}/restore', { params: { path: { id } } })));
    } finally {
      await refresh();
    }
  }

  return { remove, restore };
}
