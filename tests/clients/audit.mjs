// The official audit of GraphQL over HTTP: node audit.mjs URL
// One line of JSON for each check: { id, name, status: "ok" | "notice" | "warn" | "error", reason? }.
import { auditServer } from 'graphql-http';

const [url] = process.argv.slice(2);

for (const { id, name, status, reason } of await auditServer({ url })) {
  console.log(JSON.stringify({ id, name, status, reason }));
}
