// The schema as the database itself tells it, in a fixed order: what server/store/schema.sql holds for people and reviews.
import type { Database } from "./database.ts";

/** Tables with columns, constraints and indexes, without anything that differs between two databases. */
export async function describeSchema(database: Database): Promise<string> {
  const tables = await database.query<{ name: string; options: string | null }>(
    `select c.relname as name, array_to_string(c.reloptions, ', ') as options
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> 'schema_migration' order by 1`,
  );
  const parts: string[] = [];
  for (const { name, options } of tables) {
    const lines = [...(await columns(database, name)), ...(await constraints(database, name))];
    const tail = options === null || options === "" ? "" : ` with (${options})`;
    parts.push(`create table ${name} (\n${lines.map((line) => `  ${line}`).join(",\n")}\n)${tail};\n`);
    for (const index of await indexes(database, name)) parts.push(`${index};\n`);
  }
  return parts.join("\n");
}

async function columns(database: Database, table: string): Promise<readonly string[]> {
  const rows = await database.query<{ text: string }>(
    `select a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as text
     from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [table],
  );
  return rows.map(({ text }) => text);
}

async function constraints(database: Database, table: string): Promise<readonly string[]> {
  const rows = await database.query<{ text: string }>(
    `select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) as text
     from pg_constraint where conrelid = $1::regclass and contype <> 'n' order by contype, conname`,
    [table],
  );
  return rows.map(({ text }) => text);
}

/** Without those that a constraint made. */
async function indexes(database: Database, table: string): Promise<readonly string[]> {
  const rows = await database.query<{ text: string }>(
    `select pg_get_indexdef(i.indexrelid) as text from pg_index i
     where i.indrelid = $1::regclass and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
     order by 1`,
    [table],
  );
  return rows.map(({ text }) => text.replaceAll("public.", ""));
}
