begin;

-- A survey is answered in one call: the response and all answers, or nothing.
create function surveys.submit_response(p_survey_id uuid, p_answers jsonb)
returns uuid
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_response_id uuid;
  v_missing integer;
begin
  if jsonb_typeof(p_answers) is distinct from 'object' then
    raise exception 'answers must be an object of question id to value'
      using errcode = 'invalid_parameter_value';
  end if;

  select count(*) into v_missing
  from surveys.questions q
  where q.survey_id = p_survey_id
    and q.is_required
    and not p_answers ? q.id::text;

  if v_missing > 0 then
    raise exception '% required questions have no answer', v_missing
      using errcode = 'check_violation';
  end if;

  insert into surveys.responses (survey_id, user_id, submitted_at)
  values (p_survey_id, (select auth.uid()), now())
  returning id into v_response_id;

  insert into surveys.answers (response_id, question_id, value)
  select v_response_id, q.id, p_answers -> q.id::text
  from surveys.questions q
  where q.survey_id = p_survey_id
    and p_answers ? q.id::text;

  return v_response_id;
end;
$$;

comment on function surveys.submit_response(uuid, jsonb) is
  'Stores one fan''s answers; raises when a required question has none.';

revoke execute on function surveys.submit_response(uuid, jsonb) from public, anon;
grant execute on function surveys.submit_response(uuid, jsonb) to authenticated, service_role;

commit;
