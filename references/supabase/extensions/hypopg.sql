-- Stands for hypopg: present, never asked.
create function @extschema@.hypopg_reset() returns void language sql as 'select';
