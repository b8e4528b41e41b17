import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'

export interface EngineOptions {
  memoryMb: number
  threads: number
  /** Where sorting may spill; emptied by whoever owns the directory. */
  spillDir: string
}

export interface Engine {
  connect(): Promise<DuckDBConnection>
  close(): void
}

/** DuckDB, in memory: it owns no file, so none of its own can be damaged. */
export async function openEngine({ memoryMb, threads, spillDir }: EngineOptions): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMb}MB`,
    threads: String(threads),
    temp_directory: spillDir,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  return {
    connect: async () => {
      const connection = await instance.connect()
      await connection.run('SET parquet_metadata_cache = true')
      return connection
    },
    close: () => instance.closeSync(),
  }
}
