/** What Supabase Realtime reads the changes from. https://supabase.com/docs/guides/realtime/postgres-changes */
export const realtimePublication = 'supabase_realtime'
