import { DatabaseSync } from 'node:sqlite'
import { CompiledQuery, Kysely, SqliteDialect } from 'kysely'
import { expect, it } from 'vitest'
import { adaptDatabase } from './adapt-sqlite.ts'

function open(): Kysely<unknown> {
  const hooks = { watch: () => undefined, explain: (error: unknown) => error, commands: new Map() }
  return new Kysely({
    dialect: new SqliteDialect({ database: adaptDatabase(new DatabaseSync(':memory:'), hooks) }),
  })
}

it('gives the rows of whatever statement has some by the names of their columns', async () => {
  const db = open()
  const run = async (sql: string, ...parameters: unknown[]): Promise<unknown[]> =>
    (await db.executeQuery(CompiledQuery.raw(sql, parameters))).rows
  await run('create table things (id integer primary key, name text, size real)')
  const insert = 'insert into things (name, size) values (?, ?), (?, ?) returning id, name as "called"'
  expect(await run(insert, 'a', 1.5, 'b', null)).toEqual([
    { id: 1, called: 'a' },
    { id: 2, called: 'b' },
  ])
  expect(await run('select * from things where name = ?', 'b')).toEqual([{ id: 2, name: 'b', size: null }])
  expect(await run('PRAGMA user_version')).toEqual([{ user_version: 0 }])
  expect(await run('delete from things where id = ?', 1)).toEqual([])
  await db.destroy()
})

it('knows columns that came since a statement was made', async () => {
  const db = open()
  const run = async (sql: string): Promise<unknown[]> => (await db.executeQuery(CompiledQuery.raw(sql))).rows
  await run('create table things (id integer primary key)')
  await run('insert into things values (1)')
  expect(await run('select * from things')).toEqual([{ id: 1 }])
  await run("alter table things add column name text not null default 'x'")
  expect(await run('select * from things')).toEqual([{ id: 1, name: 'x' }])
  await db.destroy()
})
