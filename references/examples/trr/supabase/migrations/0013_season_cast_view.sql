create view core.season_cast
with (security_invoker = true)
as
select
  sh.id as show_id,
  sh.slug as show_slug,
  se.id as season_id,
  se.season_number,
  p.id as person_id,
  p.display_name,
  cm.billing,
  cm.billing_order,
  cm.left_in_episode
from core.cast_members cm
join core.seasons se on se.id = cm.season_id
join core.shows sh on sh.id = se.show_id
join core.people p on p.id = cm.person_id;

comment on view core.season_cast is 'The cast of every season with names, for cast pages and exports.';

revoke all on core.season_cast from anon, authenticated;
grant select on core.season_cast to anon, authenticated, service_role;
