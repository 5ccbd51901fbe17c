//! Gateways over a long time. Complaints are filed all the while, screens go and come back, and gateways are killed. At
//! the end each screen must have been told of each complaint, once and in the order of who filed it, the database must
//! hold just these, and the gateway that served all along must hold little more memory than half-way. `make soak`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod database;
mod socket;

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::{sleep, sleep_until, timeout};

use self::database::{Folder, on_postgres};
use self::socket::Socket;

const WRITERS: usize = 4;
const SCREENS: usize = 6;
/// Each writer files one so often.
const PAUSE: Duration = Duration::from_millis(200);
/// Who is not answered tries again after so long.
const AGAIN: Duration = Duration::from_millis(50);
/// So long after the last complaint each screen must have it.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much more memory it may hold at the end than half-way: what the allocator keeps comes and goes.
const GROWTH: f64 = 1.25;

const FILE: &str = "mutation($input: TicketFileInput!) { ticketFile(input: $input) { ticket { number } \
    userErrors { message } } }";
const SCREEN: &str = "subscription($after: String) { complaintFeed(after: $after) { __typename \
    ... on TicketChanged { cursor act ticket { number } } } }";
const START: &str = "{ feedCursor viewer { posts { community { id } } } tickets { totalCount } }";

#[tokio::main]
async fn main() {
    let minutes =
        std::env::var("MINUTES").map_or(10.0, |minutes| minutes.parse().expect("MINUTES: a number"));
    let half = Duration::from_secs_f64(minutes * 60.0 / 2.0);
    let folder = Folder::of("soak");
    Box::pin(soak("SQLite, one gateway", &folder, &folder.sqlite(), 1, half)).await;
    let work = async |url: &str| {
        Box::pin(soak("PostgreSQL, two gateways", &folder, url, 2, half)).await;
    };
    on_postgres("soak", work).await;
}

/// The real program.
struct Gateway(Child);

impl Gateway {
    /// It, and the address that it serves at.
    fn serve(world: &World) -> (Self, String) {
        let mut process = world.command(&["serve"]).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().expect("it ended before it served").unwrap();
            if let Some((_, rest)) = line.split_once("serving GraphQL at http://") {
                break rest.split_once("/graphql").unwrap().0.to_owned();
            }
        };
        // Nobody reads what it says from here on; it must not wait for that.
        std::thread::spawn(move || lines.for_each(drop));
        (Self(process), address)
    }

    /// What it holds, in KiB; none where the system does not tell.
    fn memory(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // SIGKILL: it gets no chance to put anything in order.
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// What all who take part know.
struct World {
    url: String,
    data_dir: String,
    /// Where gateways serve.
    addresses: Mutex<Vec<String>>,
    token: String,
    community: String,
    /// Where the feed stood before the first complaint.
    cursor: String,
    http: reqwest::Client,
    over: AtomicBool,
    /// How many were filed in all, once it is over.
    filed: AtomicUsize,
}

impl World {
    /// An estate to soak, without a gateway.
    fn of(folder: &Folder, url: &str) -> Self {
        let mut world = Self {
            url: url.to_owned(),
            data_dir: folder.path().display().to_string(),
            addresses: Mutex::default(),
            token: String::new(),
            community: String::new(),
            cursor: String::new(),
            http: reqwest::Client::builder().timeout(PATIENCE).build().unwrap(),
            over: AtomicBool::new(false),
            filed: AtomicUsize::new(usize::MAX),
        };
        world.done(&["seed", "--days", "10"]);
        world.token = world.done(&["token", "--login", "desk"]).trim().to_owned();
        world
    }

    /// What a command prints that does its work and ends.
    fn done(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_concierge"));
        command.args(arguments).envs([
            ("DATABASE_URL", self.url.as_str()),
            ("CONCIERGE_DATA_DIR", &self.data_dir),
            ("CONCIERGE_LISTEN", "127.0.0.1:0"),
            ("CONCIERGE_AUTH__SECRET", "a secret of measurements that is long enough"),
            ("CONCIERGE_AUTH__ACCESS_TOKEN_TTL", "1d"),
            ("CONCIERGE_RATE__VIEWER", "off"),
            ("CONCIERGE_RATE__ADDRESS", "off"),
        ]);
        command
    }

    fn address(&self, which: usize) -> String {
        let addresses = self.addresses.lock().unwrap();
        addresses[which % addresses.len()].clone()
    }

    /// An answer; none when nobody gave one.
    async fn ask(&self, which: usize, query: &str, variables: Value) -> Option<Value> {
        let request = self.http.post(format!("http://{}/graphql", self.address(which)));
        let body = json!({ "query": query, "variables": variables });
        let response = request.bearer_auth(&self.token).json(&body).send().await.ok()?;
        response.json().await.ok()
    }

    /// Files one complaint, however often it takes. Whether one that nobody answered was kept is not known: so each try has
    /// the same key.
    async fn file(&self, writer: usize, key: &str) -> String {
        let input = json!({ "kind": "COMPLAINT", "channel": "PHONE", "communityId": self.community, "place": "大堂",
            "description": "楼上太吵", "idempotencyKey": key });
        let mut which = writer;
        let answer = loop {
            let answer = self.ask(which, FILE, json!({ "input": input })).await;
            match answer.filter(|answer| answer["data"]["ticketFile"].is_object()) {
                Some(answer) => break answer,
                None => sleep(AGAIN).await,
            }
            which += 1;
        };
        let number = answer["data"]["ticketFile"]["ticket"]["number"].as_str();
        number.unwrap_or_else(|| panic!("refused: {answer}")).to_owned()
    }
}

async fn soak(what: &str, folder: &Folder, url: &str, gateways: usize, time: Duration) {
    let mut world = World::of(folder, url);
    let mut served = Vec::new();
    for _ in 0..gateways {
        let (gateway, address) = Gateway::serve(&world);
        world.addresses.lock().unwrap().push(address);
        served.push(gateway);
    }
    let start = world.ask(0, START, json!({})).await.unwrap()["data"].take();
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{start}")).to_owned();
    world.community = text(&start["viewer"]["posts"][0]["community"]["id"]);
    world.cursor = text(&start["feedCursor"]);
    let world = Arc::new(world);
    println!("{what}, {time:.0?}");

    let writers = (0..WRITERS).map(|writer| tokio::spawn(write(world.clone(), writer))).collect::<Vec<_>>();
    let screens = (0..SCREENS).map(|screen| tokio::spawn(watch(world.clone(), screen))).collect::<Vec<_>>();
    let (half, end) = disturb(&world, &mut served, time).await;
    world.over.store(true, Ordering::SeqCst);
    let filed = join_all(writers).await.into_iter().map(Result::unwrap).collect::<Vec<_>>();
    let count = filed.iter().map(Vec::len).sum::<usize>();
    world.filed.store(count, Ordering::SeqCst);
    for screen in screens {
        let told = timeout(PATIENCE, screen).await.expect("a screen was not told of all").unwrap();
        compare(&filed, &told);
    }
    let held = world.ask(0, START, json!({})).await.unwrap();
    let held = held["data"]["tickets"]["totalCount"].as_u64().unwrap();
    assert_eq!(held, start["tickets"]["totalCount"].as_u64().unwrap() + count as u64, "tickets are held");
    println!("  {count} complaints, each told once to each of {SCREENS} screens");
    if let (Some(half), Some(end)) = (half, end) {
        println!("  memory {:.0} MiB half-way, {:.0} MiB at the end", half / 1024.0, end / 1024.0);
        assert!(end < half * GROWTH, "it holds more and more memory");
    }
}

/// Kills the last gateway in each tenth of the time and starts it anew; the only one just in the first. Tells what the
/// first one holds half-way and at the end.
async fn disturb(world: &World, served: &mut Vec<Gateway>, time: Duration) -> (Option<f64>, Option<f64>) {
    let last = served.len() - 1;
    let mut half = None;
    for tenth in 0..10 {
        sleep(time / 10).await;
        if tenth == 5 {
            half = served[0].memory();
        }
        if tenth == 0 || (last > 0 && tenth < 9) {
            served.truncate(last);
            let (gateway, address) = Gateway::serve(world);
            served.push(gateway);
            world.addresses.lock().unwrap()[last] = address;
        }
    }
    (half, served[0].memory())
}

/// Files one after the other until it is over; their numbers.
async fn write(world: Arc<World>, writer: usize) -> Vec<String> {
    let mut numbers = Vec::new();
    while !world.over.load(Ordering::SeqCst) {
        let next = Instant::now() + PAUSE;
        numbers.push(world.file(writer, &format!("soak-{writer}-{}", numbers.len())).await);
        sleep_until(next.into()).await;
    }
    numbers
}

/// Looks at the feed until it is over and all have been told, leaving without a word after so many each time; the numbers
/// of the complaints that it was told of.
async fn watch(world: Arc<World>, screen: usize) -> Vec<String> {
    let (mut numbers, mut cursor) = (Vec::new(), world.cursor.clone());
    let mut visit = screen;
    while numbers.len() < world.filed.load(Ordering::SeqCst) {
        let stays = 7 + 40 * (visit % SCREENS);
        look(&world, visit, stays, &mut cursor, &mut numbers).await;
        sleep(AGAIN).await;
        visit += 1;
    }
    numbers
}

/// Until it has been told of so many; none when it was cut off before.
async fn look(
    world: &World,
    visit: usize,
    stays: usize,
    cursor: &mut String,
    numbers: &mut Vec<String>,
) -> Option<()> {
    let mut socket = Socket::open(&world.address(visit), &world.token).await?;
    socket.subscribe(SCREEN, json!({ "after": cursor })).await?;
    let enough = numbers.len() + stays;
    while numbers.len() < enough.min(world.filed.load(Ordering::SeqCst)) {
        let Ok(message) = timeout(PAUSE * 10, socket.next()).await else { continue };
        let message = message?;
        let told = &message["payload"]["data"]["complaintFeed"];
        assert_ne!(told["__typename"], "FeedGap", "what was missed is known");
        if let Some(at) = told["cursor"].as_str() {
            at.clone_into(cursor);
        }
        if told["act"] == "FILE" {
            numbers.push(told["ticket"]["number"].as_str().unwrap().to_owned());
        }
    }
    Some(())
}

/// Each was told once, and those of one writer in their order.
fn compare(filed: &[Vec<String>], told: &[String]) {
    let by =
        filed.iter().enumerate().flat_map(|(writer, all)| all.iter().map(move |number| (number, writer)));
    let by = by.collect::<HashMap<_, _>>();
    let mut heard = vec![Vec::new(); filed.len()];
    for number in told {
        let writer = by.get(number).unwrap_or_else(|| panic!("{number} was filed by nobody"));
        heard[*writer].push(number.clone());
    }
    for (filed, heard) in filed.iter().zip(heard) {
        assert!(*filed == heard, "filed, but not told: {:?}", missing(filed, &heard));
    }
}

fn missing<'a>(filed: &'a [String], heard: &[String]) -> Vec<&'a String> {
    filed.iter().filter(|number| !heard.contains(number)).collect()
}
