// Writes one table by the writers of Parquet that npm serves, converts each file by `gbi convert`, and compares every cell; so also for
// files of the same table, named WRITER-KIND.parquet, in a folder of other writers.
// node compare.mjs GBI FOLDER [OTHERS]
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [gbi, folder, others] = process.argv.slice(2)
const rows = 3000
const numbers = [...Array(rows).keys()]
const rowsFrom = first => numbers.map(i => ({
  i32: (i * 13) % 101 - 50,
  i64: first + BigInt(i) * 1000003n,
  f32: Math.fround(i / 7),
  f64: i / 7,
  b: i % 3 === 0,
  t: `w${i % 17}é`,
  fn: i % 5 === 0 ? null : i / 8,
}))

// Two writers make doubles of integers of 64 bits, so that theirs have fewer digits.
const exact = rowsFrom(9007199254740993n)
const ofDoubles = rowsFrom(4503599627370497n)
const rounding = ['parquetjs', 'parquetjs-lite', 'parquets']
let truth = exact
const names = Object.keys(truth[0])
const column = name => truth.map(row => row[name])
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

const writers = {
  async 'hyparquet-writer'(file) {
    const { parquetWriteFile } = await import('hyparquet-writer')
    const types = { i32: 'INT32', i64: 'INT64', f32: 'FLOAT', f64: 'DOUBLE', b: 'BOOLEAN', t: 'STRING', fn: 'DOUBLE' }
    const encodings = {
      plain: {}, split: { f32: 'BYTE_STREAM_SPLIT', f64: 'BYTE_STREAM_SPLIT', fn: 'BYTE_STREAM_SPLIT' },
      delta: { i32: 'DELTA_BINARY_PACKED', i64: 'DELTA_BINARY_PACKED', t: 'DELTA_LENGTH_BYTE_ARRAY', b: 'RLE' },
      prefix: { t: 'DELTA_BYTE_ARRAY' },
    }
    for (const [kind, encoding] of Object.entries(encodings)) {
      parquetWriteFile({
        filename: file(kind), rowGroupSize: 1000,
        columnData: names.map(name => ({ name, data: column(name), type: types[name], encoding: encoding[name] })),
      })
    }
  },
  async 'parquet-wasm (arrow-rs)'(file) {
    const arrow = await import('apache-arrow')
    const parquet = await import('parquet-wasm/node')
    const { Compression, Encoding, Table, WriterPropertiesBuilder, WriterVersion, writeParquet } = parquet.default ?? parquet
    const types = {
      i32: new arrow.Int32(), i64: new arrow.Int64(), f32: new arrow.Float32(), f64: new arrow.Float64(), b: new arrow.Bool(),
      t: new arrow.Utf8(), fn: new arrow.Float64(),
    }
    const table = new arrow.Table(Object.fromEntries(names.map(name => [name, arrow.vectorFromArray(column(name), types[name])])))
    for (const codec of ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'LZ4_RAW', 'ZSTD']) {
      for (const version of ['V1', 'V2']) {
        const properties = new WriterPropertiesBuilder().setCompression(Compression[codec]).setWriterVersion(WriterVersion[version])
          .setMaxRowGroupSize(1000).build()
        writeFileSync(
          file(`${codec}-${version}`),
          writeParquet(Table.fromIPCStream(arrow.tableToIPC(table, 'stream')), properties))
      }
    }
    const split = new WriterPropertiesBuilder().setDictionaryEnabled(false)
      .setColumnEncoding('f32', Encoding.BYTE_STREAM_SPLIT).setColumnEncoding('f64', Encoding.BYTE_STREAM_SPLIT)
      .setColumnEncoding('i64', Encoding.DELTA_BINARY_PACKED).setColumnEncoding('t', Encoding.DELTA_BYTE_ARRAY).build()
    writeFileSync(file('encodings'), writeParquet(Table.fromIPCStream(arrow.tableToIPC(table, 'stream')), split))
  },
  async '@dsnp/parquetjs'(file) {
    await parquetjs((await import('@dsnp/parquetjs')).default, file, ['UNCOMPRESSED', 'GZIP', 'SNAPPY', 'BROTLI'])
  },
  async 'parquetjs-lite'(file) {
    await parquetjs((await import('parquetjs-lite')).default, file, ['UNCOMPRESSED', 'GZIP', 'SNAPPY'])
  },
  async parquetjs(file) {
    await parquetjs((await import('parquetjs')).default, file, ['UNCOMPRESSED', 'GZIP', 'SNAPPY'])
  },
  async parquets(file) {
    await parquetjs(await import('parquets'), file, ['UNCOMPRESSED', 'GZIP', 'SNAPPY'])
  },
  async 'nodejs-polars'(file) {
    const pl = (await import('nodejs-polars')).default
    const types = { i32: pl.Int32, i64: pl.Int64, f32: pl.Float32, f64: pl.Float64, b: pl.Bool, t: pl.Utf8, fn: pl.Float64 }
    const series = name => name === 'i64'
      ? pl.Series(name, column(name).map(String)).cast(types[name])
      : pl.Series(name, column(name), types[name])
    const frame = pl.DataFrame(names.map(series))
    for (const compression of ['uncompressed', 'snappy', 'gzip', 'brotli', 'lz4', 'zstd']) {
      frame.writeParquet(file(compression), { compression })
    }
  },
  async DuckDB(file) {
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const connection = await (await DuckDBInstance.create()).connect()
    const table = `select cast(i * 13 % 101 - 50 as integer) i32, cast(9007199254740993 + i * 1000003 as bigint) i64,
      cast(i / 7::double as float) f32, i / 7::double f64, i % 3 = 0 b, concat('w', i % 17, 'é') t,
      case when i % 5 = 0 then null else i / 8::double end fn from range(${rows}) r(i)`
    for (const codec of ['uncompressed', 'snappy', 'gzip', 'brotli', 'lz4_raw', 'zstd']) {
      for (const version of ['v1', 'v2']) {
        await connection.run(
          `copy (${table}) to '${file(`${codec}-${version}`)}' (format parquet, codec '${codec}', parquet_version '${version}')`)
      }
    }
  },
  async 'chdb (ClickHouse)'(file) {
    const { query } = (await import('chdb')).default
    const table = `select toInt32(number * 13 % 101) - toInt32(50) as i32, toInt64(9007199254740993 + number * 1000003) as i64,
      toFloat32(number / 7) as f32, number / 7 as f64, toBool(number % 3 = 0) as b, concat('w', toString(number % 17), 'é') as t,
      if(number % 5 = 0, null, number / 8) as fn from numbers(${rows})`
    for (const codec of ['none', 'snappy', 'gzip', 'brotli', 'lz4', 'zstd']) {
      query(
        `select toInt32(i32) as i32, i64, f32, f64, b, t, fn from (${table}) into outfile '${file(codec)}' format Parquet `
        + `settings output_format_parquet_compression_method = '${codec}'`)
    }
  },
}

const plain = value => typeof value === 'bigint' ? Number(value) : value

async function parquetjs(module, file, codecs) {
  const types = { i32: 'INT32', i64: 'INT64', f32: 'FLOAT', f64: 'DOUBLE', b: 'BOOLEAN', t: 'UTF8', fn: 'DOUBLE' }
  for (const compression of codecs) {
    const schema = new module.ParquetSchema(Object.fromEntries(
      names.map(name => [name, { type: types[name], compression, optional: name === 'fn' }])))
    const writer = await module.ParquetWriter.openFile(schema, file(compression))
    for (const row of truth) {
      const present = Object.entries(row).filter(([, value]) => value !== null)
      await writer.appendRow(Object.fromEntries(present.map(([name, value]) => [name, truth === exact ? value : plain(value)])))
    }
    await writer.close()
  }
}

const equal = {
  i32: (cell, value) => cell === `${value}`,
  i64: (cell, value) => cell === `${value}`,
  f32: (cell, value) => Math.fround(Number(cell)) === value,
  f64: (cell, value) => cell !== '' && Number(cell) === value,
  b: (cell, value) => cell === (value ? '1' : '0'),
  t: (cell, value) => cell === value,
  fn: (cell, value) => value === null ? cell === '' : cell !== '' && Number(cell) === value,
}

function compare(path) {
  const text = `${path}.csv`
  try {
    execFileSync(gbi, ['convert', path, '--out', text, '--columns', names.join(',')], { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (refused) {
    return { refused: `${refused.stderr}`.trim() }
  }
  const lines = readFileSync(text, 'utf8').trimEnd().split('\n').slice(1).map(line => line.split(','))
  const wrong = lines.length !== rows ? ['rows']
    : names.filter((name, at) => !lines.every((line, i) => equal[name](line[at], truth[i][name])))
  return { wrong }
}

function report(name, files, remarks) {
  const results = files.map(path => ({ path, ...compare(path) }))
  results.filter(one => one.refused).forEach(one => remarks.add(one.refused))
  results.filter(one => one.wrong?.length).forEach(one => remarks.add(`${one.path}: ${one.wrong}`))
  console.log(`| ${name} | ${files.length} | ${results.filter(one => one.wrong?.length === 0).length} | `
    + `${results.filter(one => one.refused).length} | ${results.filter(one => one.wrong?.length > 0).length} |`)
  remarks.forEach(remark => console.error(`  ${name}: ${remark}`))
}

console.log('| writer | files | right | refused | wrong |')
console.log('|---|---|---|---|---|')
for (const [name, write] of Object.entries(writers)) {
  const files = []
  const remarks = new Set()
  truth = rounding.includes(name) ? ofDoubles : exact
  try {
    await write(kind => {
      const path = join(folder, `${name.replace(/[^a-z-]/gi, '')}-${kind}.parquet`)
      files.push(path)
      return path
    })
  } catch (failed) {
    remarks.add(`the writer failed: ${failed.message.split('\n')[0]}`)
    files.pop()
  }
  report(name, files, remarks)
}

truth = exact
const found = others ? readdirSync(others).filter(file => file.endsWith('.parquet')) : []
for (const name of new Set(found.map(file => file.split('-')[0]))) {
  report(name, found.filter(file => file.startsWith(`${name}-`)).map(file => join(others, file)), new Set())
}
process.exit(0)
