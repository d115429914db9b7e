import { asProblem } from '../problems/problem';
import { toast } from '../ui/toasts';
import { useGalleryChanges } from './galleryQueries';

/** Deletes pictures and offers to undo it. Returns false, and says so, when some could not be deleted. */
export function useDeletePictures(): (ids: string[]) => Promise<boolean> {
  const { remove, restore } = useGalleryChanges();
  return async (ids) => {
    const what = ids.length === 1 ? 'The picture' : `${ids.length} pictures`;
    try {
      await remove(ids);
    } catch (error) {
      toast(`${what} could not be deleted. ${asProblem(error).message}.`, { kind: 'error' });
      return false;
    }
    toast(`${what} ${ids.length === 1 ? 'is' : 'are'} deleted.`, {
      action: {
        label: 'Undo',
        run: () => void restore(ids).then(
          () => toast(`${what} ${ids.length === 1 ? 'is' : 'are'} back.`),
          (error: unknown) => toast(`${what} could not be brought back. ${asProblem(error).message}.`, { kind: 'error' })),
      },
    });
    return true;
  };
}
