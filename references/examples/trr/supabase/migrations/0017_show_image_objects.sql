begin;

-- What S3 told us about the mirrored file, so that the reconcile job need not fetch it again.
alter table core.show_images
  add column s3_etag text,
  add column content_type text,
  add column byte_size bigint,
  add column mirrored_at timestamptz;

-- Files that were mirrored before this migration: all of them went through the JPEG encoder.
update core.show_images
set content_type = 'image/jpeg',
    mirrored_at = coalesce(fetched_at, updated_at)
where s3_key is not null
  and content_type is null;

alter table core.show_images
  add constraint show_images_byte_size_positive check (byte_size > 0) not valid,
  add constraint show_images_mirrored_complete
    check (s3_key is null or (content_type is not null and mirrored_at is not null)) not valid;

alter table core.show_images validate constraint show_images_byte_size_positive;
alter table core.show_images validate constraint show_images_mirrored_complete;

commit;
