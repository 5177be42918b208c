-- Stands for pgvector: vectors are kept as text, distances are computed, and an index of hnsw or ivfflat is a hash index
-- that no search by distance uses. sparsevec is not here.
create type @extschema@.vector;
create function @extschema@.vector_in(cstring) returns @extschema@.vector language internal immutable strict parallel safe as 'textin';
create function @extschema@.vector_out(@extschema@.vector) returns cstring language internal immutable strict parallel safe as 'textout';
create function @extschema@.vector_typmod_in(cstring[]) returns integer language internal immutable strict parallel safe as 'varchartypmodin';
create function @extschema@.vector_typmod_out(integer) returns cstring language internal immutable strict parallel safe as 'varchartypmodout';
create type @extschema@.vector (
  input = @extschema@.vector_in, output = @extschema@.vector_out,
  typmod_in = @extschema@.vector_typmod_in, typmod_out = @extschema@.vector_typmod_out, storage = extended
);

create type @extschema@.halfvec;
create function @extschema@.halfvec_in(cstring) returns @extschema@.halfvec language internal immutable strict parallel safe as 'textin';
create function @extschema@.halfvec_out(@extschema@.halfvec) returns cstring language internal immutable strict parallel safe as 'textout';
create type @extschema@.halfvec (
  input = @extschema@.halfvec_in, output = @extschema@.halfvec_out,
  typmod_in = @extschema@.vector_typmod_in, typmod_out = @extschema@.vector_typmod_out, storage = extended
);

-- The cast of a type to itself is where the server has a length checked. A type modifier is the length and 4.
create function @extschema@.vector(@extschema@.vector, integer, boolean) returns @extschema@.vector
language plpgsql immutable strict parallel safe as $$
declare
  dims integer := cardinality(translate($1::text, '[]', '{}')::real[]);
begin
  if $2 <> -1 and dims <> $2 - 4 then
    raise exception 'expected % dimensions, not %', $2 - 4, dims using errcode = 'data_exception';
  end if;
  return $1;
end
$$;
create function @extschema@.halfvec(@extschema@.halfvec, integer, boolean) returns @extschema@.halfvec
language plpgsql immutable strict parallel safe as $$
declare
  dims integer := cardinality(translate($1::text, '[]', '{}')::real[]);
begin
  if $2 <> -1 and dims <> $2 - 4 then
    raise exception 'expected % dimensions, not %', $2 - 4, dims using errcode = 'data_exception';
  end if;
  return $1;
end
$$;
create cast (@extschema@.vector as @extschema@.vector) with function @extschema@.vector(@extschema@.vector, integer, boolean) as implicit;
create cast (@extschema@.halfvec as @extschema@.halfvec) with function @extschema@.halfvec(@extschema@.halfvec, integer, boolean) as implicit;

create function @extschema@.vector_to_float4(@extschema@.vector, integer, boolean) returns real[]
language sql immutable strict parallel safe as $$ select translate($1::text, '[]', '{}')::real[] $$;
create function @extschema@.halfvec_to_float4(@extschema@.halfvec, integer, boolean) returns real[]
language sql immutable strict parallel safe as $$ select translate($1::text, '[]', '{}')::real[] $$;
create cast (@extschema@.vector as real[]) with function @extschema@.vector_to_float4(@extschema@.vector, integer, boolean) as implicit;
create cast (@extschema@.halfvec as real[]) with function @extschema@.halfvec_to_float4(@extschema@.halfvec, integer, boolean) as assignment;

create function @extschema@.vector_to_halfvec(@extschema@.vector, integer, boolean) returns @extschema@.halfvec
language sql immutable strict parallel safe as $$ select @extschema@.halfvec($1::text::@extschema@.halfvec, $2, $3) $$;
create function @extschema@.halfvec_to_vector(@extschema@.halfvec, integer, boolean) returns @extschema@.vector
language sql immutable strict parallel safe as $$ select @extschema@.vector($1::text::@extschema@.vector, $2, $3) $$;
create cast (@extschema@.vector as @extschema@.halfvec) with function @extschema@.vector_to_halfvec(@extschema@.vector, integer, boolean) as assignment;
create cast (@extschema@.halfvec as @extschema@.vector) with function @extschema@.halfvec_to_vector(@extschema@.halfvec, integer, boolean) as implicit;

do $do$
declare
  element text;
begin
  foreach element in array array['integer', 'real', 'double precision', 'numeric'] loop
    execute format($sql$
      create function @extschema@.array_to_vector(%1$s[], integer, boolean) returns @extschema@.vector
      language sql immutable strict parallel safe as $$ select @extschema@.vector(translate($1::real[]::text, '{}', '[]')::@extschema@.vector, $2, $3) $$;
      create cast (%1$s[] as @extschema@.vector) with function @extschema@.array_to_vector(%1$s[], integer, boolean) as assignment;
      create function @extschema@.array_to_halfvec(%1$s[], integer, boolean) returns @extschema@.halfvec
      language sql immutable strict parallel safe as $$ select @extschema@.halfvec(translate($1::real[]::text, '{}', '[]')::@extschema@.halfvec, $2, $3) $$;
      create cast (%1$s[] as @extschema@.halfvec) with function @extschema@.array_to_halfvec(%1$s[], integer, boolean) as assignment;
    $sql$, element);
  end loop;
end
$do$;

-- The same functions and operators for both types.
do $do$
declare
  kind text;
  method text;
  metric text;
begin
  foreach kind in array array['vector', 'halfvec'] loop
    execute format($sql$
      create function @extschema@.l2_distance(@extschema@.%1$I, @extschema@.%1$I) returns double precision
      language sql immutable strict parallel safe as $$
        select sqrt(sum((a::double precision - b) ^ 2)) from unnest($1::real[], $2::real[]) as pair (a, b)
      $$;
      create function @extschema@.l1_distance(@extschema@.%1$I, @extschema@.%1$I) returns double precision
      language sql immutable strict parallel safe as $$
        select sum(abs(a::double precision - b)) from unnest($1::real[], $2::real[]) as pair (a, b)
      $$;
      create function @extschema@.inner_product(@extschema@.%1$I, @extschema@.%1$I) returns double precision
      language sql immutable strict parallel safe as $$
        select sum(a::double precision * b) from unnest($1::real[], $2::real[]) as pair (a, b)
      $$;
      create function @extschema@.%1$s_negative_inner_product(@extschema@.%1$I, @extschema@.%1$I) returns double precision
      language sql immutable strict parallel safe as $$ select -@extschema@.inner_product($1, $2) $$;
      create function @extschema@.l2_norm(@extschema@.%1$I) returns double precision
      language sql immutable strict parallel safe as $$ select sqrt(@extschema@.inner_product($1, $1)) $$;
      create function @extschema@.cosine_distance(@extschema@.%1$I, @extschema@.%1$I) returns double precision
      language sql immutable strict parallel safe as $$
        select 1 - @extschema@.inner_product($1, $2) / nullif(@extschema@.l2_norm($1) * @extschema@.l2_norm($2), 0)
      $$;
      create function @extschema@.vector_dims(@extschema@.%1$I) returns integer
      language sql immutable strict parallel safe as $$ select cardinality($1::real[]) $$;
      create function @extschema@.l2_normalize(@extschema@.%1$I) returns @extschema@.%1$I
      language sql immutable strict parallel safe as $$
        select array_agg((a / @extschema@.l2_norm($1))::real order by n)::@extschema@.%1$I from unnest($1::real[]) with ordinality as item (a, n)
      $$;
      create function @extschema@.%1$s_add(@extschema@.%1$I, @extschema@.%1$I) returns @extschema@.%1$I
      language sql immutable strict parallel safe as $$
        select array_agg(a + b order by n)::@extschema@.%1$I from unnest($1::real[], $2::real[]) with ordinality as pair (a, b, n)
      $$;
      create function @extschema@.%1$s_sub(@extschema@.%1$I, @extschema@.%1$I) returns @extschema@.%1$I
      language sql immutable strict parallel safe as $$
        select array_agg(a - b order by n)::@extschema@.%1$I from unnest($1::real[], $2::real[]) with ordinality as pair (a, b, n)
      $$;
      create function @extschema@.%1$s_mul(@extschema@.%1$I, @extschema@.%1$I) returns @extschema@.%1$I
      language sql immutable strict parallel safe as $$
        select array_agg(a * b order by n)::@extschema@.%1$I from unnest($1::real[], $2::real[]) with ordinality as pair (a, b, n)
      $$;
      create function @extschema@.%1$s_accum(real[], @extschema@.%1$I) returns real[]
      language sql immutable strict parallel safe as $$
        select $1[1] + 1 || array_agg(coalesce(a, 0) + b order by n) from unnest($1[2:], $2::real[]) with ordinality as pair (a, b, n)
      $$;
      create function @extschema@.%1$s_avg(real[]) returns @extschema@.%1$I
      language sql immutable strict parallel safe as $$
        select array_agg(a / nullif($1[1], 0) order by n)::@extschema@.%1$I from unnest($1[2:]) with ordinality as item (a, n)
      $$;
      create aggregate @extschema@.avg(@extschema@.%1$I) (
        sfunc = @extschema@.%1$s_accum, stype = real[], finalfunc = @extschema@.%1$s_avg, initcond = '{0}', parallel = safe
      );
      create aggregate @extschema@.sum(@extschema@.%1$I) (sfunc = @extschema@.%1$s_add, stype = @extschema@.%1$I, parallel = safe);

      create function @extschema@.%1$s_cmp(@extschema@.%1$I, @extschema@.%1$I) returns integer
      language sql immutable strict parallel safe as $$ select btarraycmp($1::real[], $2::real[]) $$;
      create function @extschema@.%1$s_lt(@extschema@.%1$I, @extschema@.%1$I) returns boolean
      language sql immutable strict parallel safe as $$ select $1::real[] < $2::real[] $$;
      create function @extschema@.%1$s_le(@extschema@.%1$I, @extschema@.%1$I) returns boolean
      language sql immutable strict parallel safe as $$ select $1::real[] <= $2::real[] $$;
      create function @extschema@.%1$s_eq(@extschema@.%1$I, @extschema@.%1$I) returns boolean
      language sql immutable strict parallel safe as $$ select $1::real[] = $2::real[] $$;
      create function @extschema@.%1$s_ne(@extschema@.%1$I, @extschema@.%1$I) returns boolean
      language sql immutable strict parallel safe as $$ select $1::real[] <> $2::real[] $$;
      create function @extschema@.%1$s_ge(@extschema@.%1$I, @extschema@.%1$I) returns boolean
      language sql immutable strict parallel safe as $$ select $1::real[] >= $2::real[] $$;
      create function @extschema@.%1$s_gt(@extschema@.%1$I, @extschema@.%1$I) returns boolean
      language sql immutable strict parallel safe as $$ select $1::real[] > $2::real[] $$;
      create function @extschema@.%1$s_hash(@extschema@.%1$I) returns integer
      language sql immutable strict parallel safe as $$ select hashtext($1::real[]::text) $$;

      create operator @extschema@.<-> (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I, function = @extschema@.l2_distance, commutator = OPERATOR(@extschema@.<->));
      create operator @extschema@.<#> (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I, function = @extschema@.%1$s_negative_inner_product, commutator = OPERATOR(@extschema@.<#>));
      create operator @extschema@.<=> (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I, function = @extschema@.cosine_distance, commutator = OPERATOR(@extschema@.<=>));
      create operator @extschema@.<+> (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I, function = @extschema@.l1_distance, commutator = OPERATOR(@extschema@.<+>));
      create operator @extschema@.+ (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I, function = @extschema@.%1$s_add, commutator = OPERATOR(@extschema@.+));
      create operator @extschema@.- (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I, function = @extschema@.%1$s_sub);
      create operator @extschema@.* (leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I, function = @extschema@.%1$s_mul, commutator = OPERATOR(@extschema@.*));
      create operator @extschema@.< (
        leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I, function = @extschema@.%1$s_lt,
        commutator = OPERATOR(@extschema@.>), negator = OPERATOR(@extschema@.>=), restrict = scalarltsel, join = scalarltjoinsel
      );
      create operator @extschema@.<= (
        leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I, function = @extschema@.%1$s_le,
        commutator = OPERATOR(@extschema@.>=), negator = OPERATOR(@extschema@.>), restrict = scalarlesel, join = scalarlejoinsel
      );
      create operator @extschema@.= (
        leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I, function = @extschema@.%1$s_eq,
        commutator = OPERATOR(@extschema@.=), negator = OPERATOR(@extschema@.<>), restrict = eqsel, join = eqjoinsel
      );
      create operator @extschema@.<> (
        leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I, function = @extschema@.%1$s_ne,
        commutator = OPERATOR(@extschema@.<>), negator = OPERATOR(@extschema@.=), restrict = neqsel, join = neqjoinsel
      );
      create operator @extschema@.>= (
        leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I, function = @extschema@.%1$s_ge,
        commutator = OPERATOR(@extschema@.<=), negator = OPERATOR(@extschema@.<), restrict = scalargesel, join = scalargejoinsel
      );
      create operator @extschema@.> (
        leftarg = @extschema@.%1$I, rightarg = @extschema@.%1$I, function = @extschema@.%1$s_gt,
        commutator = OPERATOR(@extschema@.<), negator = OPERATOR(@extschema@.<=), restrict = scalargtsel, join = scalargtjoinsel
      );
      create operator class @extschema@.%1$s_ops default for type @extschema@.%1$I using btree as
        operator 1 @extschema@.<, operator 2 @extschema@.<=, operator 3 @extschema@.=, operator 4 @extschema@.>=, operator 5 @extschema@.>,
        function 1 @extschema@.%1$s_cmp(@extschema@.%1$I, @extschema@.%1$I);
    $sql$, kind);
  end loop;

  foreach method in array array['hnsw', 'ivfflat'] loop
    execute format($sql$
      create function @extschema@.%1$shandler(internal) returns index_am_handler language internal as 'hashhandler';
      create access method %1$I type index handler @extschema@.%1$shandler;
    $sql$, method);
    foreach kind in array array['vector', 'halfvec'] loop
      foreach metric in array array['l2', 'ip', 'cosine', 'l1'] loop
        continue when method = 'ivfflat' and metric = 'l1';
        execute format($sql$
          create operator class @extschema@.%1$s_%2$s_ops %4$s for type @extschema@.%1$I using %3$I as
            operator 1 @extschema@.=, function 1 @extschema@.%1$s_hash(@extschema@.%1$I)
        $sql$, kind, metric, method, case when method = 'ivfflat' and metric = 'l2' and kind = 'vector' then 'default' else '' end);
      end loop;
    end loop;
  end loop;
end
$do$;
create function @extschema@.vector_norm(@extschema@.vector) returns double precision
language sql immutable strict parallel safe as $$ select @extschema@.l2_norm($1) $$;
