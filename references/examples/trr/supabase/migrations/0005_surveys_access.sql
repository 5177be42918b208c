begin;

grant usage on schema surveys to anon, authenticated, service_role;

grant select on surveys.surveys, surveys.questions to anon, authenticated;
grant select, insert, update on surveys.responses, surveys.answers to authenticated;
grant select, insert, update, delete
  on surveys.surveys, surveys.questions, surveys.responses, surveys.answers
  to service_role;

alter table surveys.surveys enable row level security;
alter table surveys.questions enable row level security;
alter table surveys.responses enable row level security;
alter table surveys.answers enable row level security;

create policy surveys_select_published on surveys.surveys
for select to anon, authenticated
using (status <> 'draft');

create policy questions_select_published on surveys.questions
for select to anon, authenticated
using (exists (select 1 from surveys.surveys s where s.id = survey_id and s.status <> 'draft'));

create policy responses_select_own on surveys.responses
for select to authenticated
using (user_id = auth.uid());

create policy responses_insert_own on surveys.responses
for insert to authenticated
with check (
  user_id = auth.uid()
  and exists (select 1 from surveys.surveys s where s.id = survey_id and s.status = 'open')
);

create policy responses_update_own on surveys.responses
for update to authenticated
using (user_id = auth.uid())
with check (user_id = auth.uid());

create policy answers_select_own on surveys.answers
for select to authenticated
using (exists (select 1 from surveys.responses r where r.id = response_id and r.user_id = auth.uid()));

create policy answers_insert_own on surveys.answers
for insert to authenticated
with check (exists (select 1 from surveys.responses r where r.id = response_id and r.user_id = auth.uid()));

create policy answers_update_own on surveys.answers
for update to authenticated
using (exists (select 1 from surveys.responses r where r.id = response_id and r.user_id = auth.uid()))
with check (exists (select 1 from surveys.responses r where r.id = response_id and r.user_id = auth.uid()));

commit;
