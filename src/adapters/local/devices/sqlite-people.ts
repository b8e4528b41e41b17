import type { DatabaseSync } from 'node:sqlite'
import type { PeopleStore, Token, User } from '../../../ports/people.ts'
import type { Commit } from './schema.ts'

/** Users and tokens in SQLite; secrets only as hashes. */
export function sqlitePeople(db: DatabaseSync, commit: Commit): PeopleStore {
  const users = db.prepare('SELECT value FROM user ORDER BY name')
  const putUser = db.prepare('INSERT OR REPLACE INTO user VALUES (?, ?)')
  const removeUser = db.prepare('DELETE FROM user WHERE name = ?')
  const tokens = db.prepare('SELECT value FROM token ORDER BY id')
  const putToken = db.prepare('INSERT OR REPLACE INTO token VALUES (?, ?)')
  const removeToken = db.prepare('DELETE FROM token WHERE id = ?')
  return {
    users: async () => users.all().map((row) => JSON.parse(row['value'] as string) as User),
    putUser: (user) => commit(() => void putUser.run(user.name, JSON.stringify(user))),
    removeUser: (name) => commit(() => removeUser.run(name).changes === 1),
    tokens: async () => tokens.all().map((row) => JSON.parse(row['value'] as string) as Token),
    putToken: (token) => commit(() => void putToken.run(token.id, JSON.stringify(token))),
    removeToken: (id) => commit(() => void removeToken.run(id)),
  }
}
