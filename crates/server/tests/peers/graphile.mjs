// graphile-worker draining no-op jobs in its best configuration: local queue, batched completion, one pool.
//   node graphile.mjs <database URL> <jobs>      prints the seconds from the first claim to the last job's end
import { makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";

const [connectionString, count] = [process.argv[2], Number(process.argv[3])];
const pool = new pg.Pool({ connectionString, max: 10 });
const quiet = { logger: undefined, noHandleSignals: true };
const utils = await makeWorkerUtils({ pgPool: pool });
await utils.migrate();
await pool.query("select graphile_worker.add_job('noop', json_build_object('id', i)) from generate_series(1, $1::int) i", [count]);
await pool.query("vacuum analyze graphile_worker._private_jobs");
let done = 0;
let finished;
const end = new Promise((resolve) => (finished = resolve));
const begun = process.hrtime.bigint();
const runner = await run({
  ...quiet,
  pgPool: pool,
  taskList: { noop: () => { if (++done === count) finished(); } },
  preset: {
    worker: {
      concurrentJobs: 24,
      localQueue: { size: 500, refetchDelay: { durationMs: 0 } },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
  },
});
await end;
// Done means that the database knows it.
for (;;) {
  const { rows } = await pool.query("select count(*)::int as left from graphile_worker._private_jobs");
  if (rows[0].left === 0) break;
}
process.stdout.write(`${Number(process.hrtime.bigint() - begun) / 1e9}\n`);
await runner.stop();
process.exit(0);
