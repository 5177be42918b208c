/** What every plan at scale stands on: drives without moving parts, memory for the hot part, no parallel workers; the rest as Postgres ships it. */
export const planSettings = { random_page_cost: '1.1', effective_cache_size: '4GB', work_mem: '4MB', max_parallel_workers_per_gather: '0', jit: 'off' } as const
