-- Stands for http (pgsql-http 1.6): a request is never sent, and its response is empty.
create domain @extschema@.http_method as text;
create domain @extschema@.content_type as text check (value ~ '^\S+\/\S+');
create type @extschema@.http_header as (field varchar, value varchar);
create type @extschema@.http_response as (status integer, content_type varchar, headers @extschema@.http_header[], content varchar);
create type @extschema@.http_request as (
  method @extschema@.http_method, uri varchar, headers @extschema@.http_header[], content_type varchar, content varchar
);

create function @extschema@.http_set_curlopt(curlopt varchar, value varchar) returns boolean language sql as 'select true';
create function @extschema@.http_reset_curlopt() returns boolean language sql as 'select true';
create function @extschema@.http_list_curlopt() returns table (curlopt text, value text) language sql as
  'select null::text, null::text where false';
create function @extschema@.http_header(field varchar, value varchar) returns @extschema@.http_header language sql as 'select $1, $2';

create function @extschema@.http(request @extschema@.http_request) returns @extschema@.http_response language sql as
  'select null::integer, null::varchar, null::@extschema@.http_header[], null::varchar';
create function @extschema@.http_get(uri varchar) returns @extschema@.http_response language sql as
  $$ select @extschema@.http(('GET', $1, null, null, null)::@extschema@.http_request) $$;
create function @extschema@.http_get(uri varchar, data jsonb) returns @extschema@.http_response language sql as
  $$ select @extschema@.http(('GET', $1, null, null, null)::@extschema@.http_request) $$;
create function @extschema@.http_post(uri varchar, content varchar, content_type varchar) returns @extschema@.http_response language sql as
  $$ select @extschema@.http(('POST', $1, null, $3, $2)::@extschema@.http_request) $$;
create function @extschema@.http_post(uri varchar, data jsonb) returns @extschema@.http_response language sql as
  $$ select @extschema@.http(('POST', $1, null, null, null)::@extschema@.http_request) $$;
create function @extschema@.http_put(uri varchar, content varchar, content_type varchar) returns @extschema@.http_response language sql as
  $$ select @extschema@.http(('PUT', $1, null, $3, $2)::@extschema@.http_request) $$;
create function @extschema@.http_patch(uri varchar, content varchar, content_type varchar) returns @extschema@.http_response language sql as
  $$ select @extschema@.http(('PATCH', $1, null, $3, $2)::@extschema@.http_request) $$;
create function @extschema@.http_delete(uri varchar) returns @extschema@.http_response language sql as
  $$ select @extschema@.http(('DELETE', $1, null, null, null)::@extschema@.http_request) $$;
create function @extschema@.http_delete(uri varchar, content varchar, content_type varchar) returns @extschema@.http_response language sql as
  $$ select @extschema@.http(('DELETE', $1, null, $3, $2)::@extschema@.http_request) $$;
create function @extschema@.http_head(uri varchar) returns @extschema@.http_response language sql as
  $$ select @extschema@.http(('HEAD', $1, null, null, null)::@extschema@.http_request) $$;

create function @extschema@.urlencode(string bytea) returns text language sql immutable strict as $$
  select coalesce(string_agg(
    case
      when byte = 32 then '+'
      when chr(byte) ~ '[A-Za-z0-9_.~-]' and byte < 128 then chr(byte)
      else '%' || upper(lpad(to_hex(byte), 2, '0'))
    end, '' order by place), '')
  from (select place, get_byte($1, place) as byte from generate_series(0, length($1) - 1) as place) as bytes
$$;
create function @extschema@.urlencode(string varchar) returns text language sql immutable strict as
  $$ select @extschema@.urlencode(convert_to($1, 'UTF8')) $$;
create function @extschema@.urlencode(data jsonb) returns text language sql immutable strict as $$
  select string_agg(@extschema@.urlencode(key::varchar) || '=' || @extschema@.urlencode(value::varchar), '&') from jsonb_each_text($1)
$$;
create function @extschema@.text_to_bytea(data text) returns bytea language sql immutable strict as $$ select convert_to($1, 'UTF8') $$;
create function @extschema@.bytea_to_text(data bytea) returns text language sql immutable strict as $$ select convert_from($1, 'UTF8') $$;
