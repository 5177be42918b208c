-- A small catalogue for local work. Fictional shows and people.
-- Users are created by signing up, so nothing that belongs to a user is seeded.

insert into core.shows (id, slug, title, tagline, network, premiered_on, external_ids) values
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0001', 'harbour-house', 'Harbour House',
   'Eight strangers, one lighthouse.', 'Channel North', '2023-02-06', '{"imdb": "tt90000001", "tmdb": 900001}'),
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0002', 'the-long-table', 'The Long Table',
   'Twelve cooks and one kitchen.', 'Kitchen TV', '2024-09-12', '{"tmdb": 900002}')
on conflict (id) do nothing;

insert into core.seasons (id, show_id, season_number, title, premiered_on) values
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0101', '5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0001', 1, 'Season 1', '2023-02-06'),
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0102', '5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0001', 2, 'Season 2', '2024-02-05'),
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0103', '5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0002', 1, 'Season 1', '2024-09-12')
on conflict (id) do nothing;

insert into core.episodes (id, season_id, episode_number, title, runtime_minutes, aired_at) values
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0201', '5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0101', 1, 'The Boat Leaves', 52, '2023-02-06 20:00+00'),
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0202', '5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0101', 2, 'No Signal', 48, '2023-02-13 20:00+00'),
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0203', '5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0101', 0, 'The Reunion', 75, '2023-05-01 19:00+00')
on conflict (id) do nothing;

insert into core.people (id, display_name, sort_name, born_on) values
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0301', 'Mara Quill', 'Quill, Mara', '1991-04-18'),
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0302', 'Dev Anand-Cole', 'Anand-Cole, Dev', null)
on conflict (id) do nothing;

insert into core.cast_members (season_id, person_id, billing, billing_order) values
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0101', '5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0301', 'main', 1),
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0102', '5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0301', 'friend', 7)
on conflict (season_id, person_id) do nothing;

insert into core.credits (episode_id, person_id, kind) values
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0203', '5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0302', 'host')
on conflict (episode_id, person_id, kind) do nothing;

insert into core.show_images
  (show_id, kind, source, source_url, width, height, s3_bucket, s3_key, s3_etag, content_type, byte_size, mirrored_at)
values
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0001', 'poster', 'tmdb', 'https://images.example.com/harbour-house.jpg', 1000, 1500,
   'trr-media', 'shows/harbour-house/poster.jpg', '0f343b0931126a20f133d67c2b018a3b', 'image/jpeg', 248113, '2024-01-08 09:00+00')
on conflict (s3_bucket, s3_key) do nothing;

insert into core.organizations (id, name, slug) values
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0401', 'Lantern Pictures', 'lantern-pictures')
on conflict (id) do nothing;

insert into surveys.surveys (id, show_id, title, status, opens_at, closes_at) values
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0501', '5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0001',
   'Who should have left the lighthouse?', 'open', '2024-04-01 00:00+00', '2030-01-01 00:00+00')
on conflict (id) do nothing;

insert into surveys.questions (survey_id, position, kind, prompt, options) values
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0501', 1, 'single_choice', 'Whom would you have voted out?', '["Mara", "Dev"]'),
  ('5b0f5a52-6a0e-4b52-9f0e-0c8a7f1d0501', 2, 'scale', 'How fair was the finale?', '[1, 2, 3, 4, 5]')
on conflict (survey_id, position) do nothing;
