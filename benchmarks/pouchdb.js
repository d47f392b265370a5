// PouchDB as the peer of `./desk bench sync`: `server FOLDER` and `client FOLDER ADDRESS DOCUMENTS`.
// Both keep everything in LevelDB and write through to the disk before they go on, as Mendesk does.

const fs = require("node:fs");
const path = require("node:path");
const leveldown = require("leveldown");
const PouchDB = require("pouchdb-node");

const AT_ONCE = 500;

function durable(location) {
  const database = leveldown(location);
  for (const name of ["_put", "_del", "_batch"]) {
    const write = database[name].bind(database);
    database[name] = (...given) => {
      const done = given.pop();
      write(...given.slice(0, -1), { ...given.at(-1), sync: true }, done);
    };
  }
  return database;
}

function databases(folder) {
  return PouchDB.defaults({ prefix: folder + path.sep, db: durable });
}

function serve(folder) {
  const application = require("express")();
  const settings = { mode: "minimumForPouchDB", inMemoryConfig: true, logPath: path.join(folder, "log.txt") };
  application.use("/", require("express-pouchdb")(databases(folder), settings));
  const server = application.listen(0, "127.0.0.1", () => {
    console.log(`http://127.0.0.1:${server.address().port}`);
  });
  process.stdin.on("end", () => process.exit(0)).resume();
}

async function rate(amount, work) {
  const began = performance.now();
  await work();
  return (1000 * amount) / (performance.now() - began);
}

async function replicate(folder, address, file) {
  const Local = databases(folder);
  const documents = JSON.parse(fs.readFileSync(file, "utf8"));
  const [ours, theirs] = [new Local("ours"), new Local("theirs")];
  await ours.bulkDocs(documents.map((each) => ({ _id: `${each.desk}-${each.number}`, ...each })));
  const there = new PouchDB(`${address}/cases`);
  const options = { batch_size: AT_ONCE };
  const push = await rate(documents.length, () => ours.replicate.to(there, options));
  const pull = await rate(documents.length, () => theirs.replicate.from(there, options));
  const { doc_count: here } = await theirs.info();
  if (here !== documents.length) throw new Error(`${here} of ${documents.length} documents came`);
  console.log(JSON.stringify({ push, pull }));
}

const [what, folder, ...others] = process.argv.slice(2);
fs.mkdirSync(folder, { recursive: true });
what === "server" ? serve(folder) : replicate(folder, ...others);
