import { create } from 'zustand';
import type { Connection } from './JobTracker';

/** How running jobs are followed at the moment. */
export const useConnection = create<{ connection: Connection }>(() => ({ connection: 'idle' }));
