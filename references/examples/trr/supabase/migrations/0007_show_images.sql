begin;

create table core.show_images (
  id uuid primary key default gen_random_uuid(),
  show_id uuid not null references core.shows (id) on delete cascade,
  season_id uuid references core.seasons (id) on delete cascade,
  kind text not null,
  source text not null,
  source_url text,
  width integer,
  height integer,
  s3_bucket text,
  s3_key text,
  fetched_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint show_images_kind_known check (kind in ('poster', 'backdrop', 'logo', 'cast_photo')),
  constraint show_images_size_positive check (width > 0 and height > 0),
  constraint show_images_s3_both_or_neither check ((s3_bucket is null) = (s3_key is null)),
  constraint show_images_s3_bucket_s3_key_key unique (s3_bucket, s3_key)
);

comment on table core.show_images is 'An image of a show or a season: where it came from and where our copy lies in S3.';
comment on column core.show_images.s3_key is 'Null until the mirror job has copied the file.';

create index show_images_show_id_kind_idx on core.show_images (show_id, kind);

-- What the mirror job still has to fetch.
create index show_images_unmirrored_idx on core.show_images (created_at) where s3_key is null;

create trigger show_images_set_updated_at
before update on core.show_images
for each row execute function core.set_updated_at();

grant select on core.show_images to anon, authenticated;
grant select, insert, update, delete on core.show_images to service_role;

alter table core.show_images enable row level security;

create policy show_images_select_mirrored on core.show_images
for select to anon, authenticated
using (s3_key is not null);

commit;
