begin;

create schema if not exists surveys;

create type surveys.question_kind as enum ('single_choice', 'multiple_choice', 'scale', 'free_text');

create table surveys.surveys (
  id uuid primary key default gen_random_uuid(),
  show_id uuid references core.shows (id) on delete set null,
  title text not null,
  intro text,
  status text not null default 'draft' check (status in ('draft', 'open', 'closed')),
  opens_at timestamptz,
  closes_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint surveys_closes_after_opens check (closes_at > opens_at)
);

create table surveys.questions (
  id uuid primary key default gen_random_uuid(),
  survey_id uuid not null references surveys.surveys (id) on delete cascade,
  position integer not null,
  kind surveys.question_kind not null,
  prompt text not null,
  options jsonb not null default '[]'::jsonb,
  is_required boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint questions_options_is_array check (jsonb_typeof(options) = 'array'),
  constraint questions_survey_id_position_key unique (survey_id, position)
);

create table surveys.responses (
  id uuid primary key default gen_random_uuid(),
  survey_id uuid not null references surveys.surveys (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  submitted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint responses_survey_id_user_id_key unique (survey_id, user_id)
);

create table surveys.answers (
  id uuid primary key default gen_random_uuid(),
  response_id uuid not null references surveys.responses (id) on delete cascade,
  question_id uuid not null references surveys.questions (id) on delete cascade,
  value jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint answers_response_id_question_id_key unique (response_id, question_id)
);

create index surveys_show_id_idx on surveys.surveys (show_id);
create index responses_user_id_idx on surveys.responses (user_id);
create index answers_question_id_idx on surveys.answers (question_id);

create trigger surveys_set_updated_at before update on surveys.surveys
for each row execute function core.set_updated_at();
create trigger questions_set_updated_at before update on surveys.questions
for each row execute function core.set_updated_at();
create trigger responses_set_updated_at before update on surveys.responses
for each row execute function core.set_updated_at();
create trigger answers_set_updated_at before update on surveys.answers
for each row execute function core.set_updated_at();

commit;
