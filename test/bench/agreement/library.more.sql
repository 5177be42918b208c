create index more_tags on app.documents using gin (tags);
create index more_readers on app.documents using gin (readers);
create index more_attributes on app.documents using gin (attributes jsonb_path_ops);
create index more_words on app.documents using gin (words);
create index more_title on app.documents using gin (title extensions.gin_trgm_ops);
create index more_lower on app.documents (lower(title));
create index more_shelf on app.documents ((attributes ->> 'shelf'));
create index more_published on app.documents (published_on) where published_on is not null;
