// Other people's clients, told what to do and telling what they see: node client.mjs ws|sse|apollo URL TOKEN OPTIONS
//
// Told, a line of JSON each:  { id, query, variables }   subscribe; `variables.after` moves on with each cursor that comes
//                             { stop: id }               stop listening
//                             { token }                  the next connection is made with this
// Tells, a line of JSON each: { id, next } { id, error } { id, complete: true }
//                             { connected: true } { closed: code } { pong: true }
import { createInterface } from 'node:readline';
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { createClient as overSse } from 'graphql-sse';
import { createClient as overWs } from 'graphql-ws';
import { from } from 'rxjs';
import WebSocket from 'ws';

const [transport, url, firstToken, options] = process.argv.slice(2);

let token = firstToken;
const stops = new Map();

const tell = (told) => console.log(JSON.stringify(told));
const authorization = () => (token ? { Authorization: `Bearer ${token}` } : {});
const pause = () => new Promise((resolve) => setTimeout(resolve, 30));
const connected = () => tell({ connected: true });

const clients = {
  apollo: overApollo,
  sse: () => overSse({
    url: `${url}/graphql`,
    headers: authorization,
    retryAttempts: 500,
    retry: pause,
    on: { connected },
  }),
  ws: () => overWs({
    url: `${url}/graphql`.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: authorization,
    retryAttempts: 500,
    retryWait: pause,
    // Also where the network was gone before the socket was open.
    shouldRetry: () => true,
    on: {
      connected,
      closed: ({ code }) => tell({ closed: code }),
      pong: (received) => received && tell({ pong: true }),
    },
    onNonLazyError: (error) => tell({ error: error.code ?? String(error) }),
    ...JSON.parse(options ?? '{}'),
  }),
};

// By its `HttpLink` alone, which asks for multipart when it subscribes and for one answer when it queries.
function overApollo() {
  const withToken = (uri, options) =>
    fetch(uri, { ...options, headers: { ...options.headers, ...authorization() } });
  const link = new HttpLink({ uri: `${url}/graphql`, fetch: withToken });
  const apollo = new ApolloClient({ link, cache: new InMemoryCache() });
  return {
    subscribe({ query, variables }, listener) {
      const operation = { query: gql(query), variables, fetchPolicy: 'no-cache', errorPolicy: 'all' };
      const results = query.startsWith('subscription')
        ? apollo.subscribe(operation)
        : from(apollo.query(operation));
      const running = results.subscribe(listener);
      return () => running.unsubscribe();
    },
  };
}

const client = clients[transport]();

function subscribe({ id, query, variables = {} }) {
  const listener = {
    next: (result) => {
      for (const update of Object.values(result.data ?? {})) {
        if (update?.cursor) variables.after = update.cursor;
      }
      tell({ id, next: result });
    },
    // A close event, the errors of an operation that is not valid, or a fault of the network.
    error: (error) => tell({ id, error: error.code ?? error.errors ?? (Array.isArray(error) ? error : String(error)) }),
    complete: () => tell({ id, complete: true }),
  };
  stops.set(id, client.subscribe({ query, variables }, listener));
}

for await (const line of createInterface({ input: process.stdin })) {
  const told = JSON.parse(line);
  if (told.token) token = told.token;
  else if (told.stop) stops.get(told.stop)();
  else subscribe(told);
}
