/** What psql takes from a script: https://www.postgresql.org/docs/17/app-psql.html, and the rows of COPY in the text format. */
import { beforeAll, describe, expect, it } from 'vitest'
import { copiedRows } from '../../generators/postgres/schema-file/copied-rows.ts'
import { withTextFor } from '../../generators/postgres/schema-file/stand-in-types.ts'
import { loadParser, parseTree } from '../../generators/sql/parser.ts'
import { readPsqlScript } from '../../generators/sql/psql-script.ts'

beforeAll(loadParser)

describe('a script of psql', () => {
  it.each<[string, string, string[]]>([
    ['semicolons in strings, names, comments, bodies and parentheses end nothing', `select ';', ";", E'\\';', $$;$$, $a$;$$;$a$ /* ; /* ; */ ; */ -- ;\n; create rule r as on insert to t do also (select 1; select 2); select 3`, [`select ';', ";", E'\\';', $$;$$, $a$;$$;$a$ /* ; /* ; */ ; */ -- ;`, 'create rule r as on insert to t do also (select 1; select 2)', 'select 3']],
    ['a body in SQL has statements of its own', 'create or replace function f() returns int language sql begin atomic select 1; select case when true then 1 end; end; select 2;', ['create or replace function f() returns int language sql begin atomic select 1; select case when true then 1 end; end', 'select 2']],
    ['begin and end of a transaction are statements', 'begin; select 1; end;', ['begin', 'select 1', 'end']],
    ['a backslash at standard strings is a letter', `select '\\'; select 2;`, [`select '\\'`, 'select 2']],
    ['what is not closed goes on to the end', `select 'a; select 2;`, [`select 'a; select 2;`]],
    ['parameters are no dollar quotes', 'select $1, a$b; select $2;', ['select $1, a$b', 'select $2']],
  ])('%s', (_title, script, expected) => {
    const found = readPsqlScript(script)
    expect(found.statements.map(({ sql }) => sql.trim())).toEqual(expected)
    for (const { sql, start, end } of found.statements) expect(script.slice(start, end)).toBe(sql)
  })

  it('its own commands and the rows of copy are no SQL', () => {
    const { statements, commands } = readPsqlScript("\\restrict abc\n\\connect shop\ncopy public.t (a, b) from stdin;\n1\tit's; not \"SQL\n2\t\\N\n\\.\n\nselect 1;\n\\unrestrict abc\n")
    expect(commands.map(({ text }) => text)).toEqual(['\\restrict abc', '\\connect shop', '\\unrestrict abc'])
    expect(statements.map(({ sql, rows }) => [sql, rows])).toEqual([['copy public.t (a, b) from stdin', "1\tit's; not \"SQL\n2\t\\N\n"], ['select 1', null]])
  })
})

it('rows of copy become inserts: null, tabs, line ends and bytes as the format writes them', () => {
  const tree = parseTree('copy public.t (a, "B") from stdin')[0]?.stmt ?? {}
  expect(copiedRows(tree, "1\tit's\n2\t\\N\n3\ta\\tb\\\\c\\x41\\101\n")).toEqual([`insert into public.t (a, "B") overriding system value values ('1', 'it''s'), ('2', null), ('3', E'a\\tb\\\\cAA')`])
  expect(copiedRows(parseTree("copy t from stdin (format csv)")[0]?.stmt ?? {}, '1,2\n')).toBeNull()
})

it('columns of a type that is not there become text, with all that stands around', () => {
  const sql = 'create table places (id int primary key, "Wö" text, at public.geometry(Point,4326) not null, all_of geometry[] default null, about text)'
  expect(withTextFor('public.geometry(Point,4326)', sql, parseTree(sql)[0]?.stmt ?? {})).toEqual({ sql: 'create table places (id int primary key, "Wö" text, at text not null, all_of text default null, about text)', columns: ['at', 'all_of'] })
})
