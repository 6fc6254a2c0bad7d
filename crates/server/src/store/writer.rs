//! Group commit: many requests, one fsync.
//!
//! [`commit_group`] is the plain function: it runs each job in a savepoint of one transaction, so
//! that a job that fails or panics is undone alone, and commits once. [`Writer`] is the thread
//! around it. Nobody gets an answer before the commit; if the commit fails, every job of the group
//! is answered with that error and nothing of it is in the database.

use super::{StoreError, Tx};
use rusqlite::Connection;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc,
    thread::JoinHandle,
};
use tokio::sync::oneshot;
use zhicha_domain::ids::CityId;

/// What a job came to before the commit. `false`: undo its savepoint.
pub type Outcome = bool;

/// The most jobs of one group.
const GROUP: usize = 256;

/// A job: runs inside the group, keeps its answer, and gives it once the group is durable.
pub trait Job: Send {
    /// Does the work; `false` undoes it.
    fn run(&mut self, tx: &Tx<'_>) -> Outcome;
    /// The work panicked and was undone.
    fn panicked(&mut self);
    /// Called after the commit, with its error if it failed.
    fn answer(self: Box<Self>, commit: Result<(), &StoreError>);
}

struct Closure<T, E, F> {
    work: Option<F>,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job for Closure<T, E, F>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnOnce(&Tx<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, tx: &Tx<'_>) -> Outcome {
        let Some(work) = self.work.take() else {
            return false;
        };
        let result = work(tx);
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn panicked(&mut self) {
        self.result = Some(Err(StoreError::Panicked.into()));
    }

    fn answer(self: Box<Self>, commit: Result<(), &StoreError>) {
        let result = match (commit, self.result) {
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(StoreError::Panicked.into()),
            (Err(e), _) => Err(StoreError::Stored(e.to_string()).into()),
        };
        // The asker may have gone away; the work is durable all the same.
        let _ = self.reply.send(result);
    }
}

/// Runs the jobs in one transaction, each in a savepoint, commits, then answers each.
pub fn commit_group(db: &Connection, city: CityId, mut jobs: Vec<Box<dyn Job>>) {
    let done = run_group(db, city, &mut jobs);
    if done.is_err() {
        // Leaves no transaction open for the next group.
        let _ = db.execute_batch("ROLLBACK");
    }
    for job in jobs {
        job.answer(done.as_ref().copied());
    }
}

fn run_group(db: &Connection, city: CityId, jobs: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    db.execute_batch("BEGIN IMMEDIATE")?;
    let tx = Tx { db, city };
    for job in jobs {
        db.execute_batch("SAVEPOINT job")?;
        let keep = catch_unwind(AssertUnwindSafe(|| job.run(&tx))).unwrap_or_else(|_| {
            job.panicked();
            false
        });
        if !keep {
            db.execute_batch("ROLLBACK TO job")?;
        }
        db.execute_batch("RELEASE job")?;
    }
    db.execute_batch("COMMIT")?;
    Ok(())
}

/// The writing thread.
pub struct Writer {
    jobs: Option<mpsc::SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread on the one writing connection.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(db: Connection, city: CityId) -> std::io::Result<Self> {
        let (jobs, inbox) = mpsc::sync_channel::<Box<dyn Job>>(4 * GROUP);
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || {
                while let Ok(first) = inbox.recv() {
                    let mut group = vec![first];
                    group.extend(inbox.try_iter().take(GROUP - 1));
                    commit_group(&db, city, group);
                }
                // The last writer leaves a clean file behind.
                let _ = db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
            })?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Runs `work` in the next group; the answer comes once it is durable. An `Err` undoes the work.
    ///
    /// # Errors
    /// The work's own, or [`StoreError::Stopping`] as one of its kind.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Box<dyn Job> = Box::new(Closure {
            work: Some(work),
            result: None,
            reply,
        });
        let stopping = || E::from(StoreError::Stopping);
        let jobs = self.jobs.clone().ok_or_else(stopping)?;
        // A full queue is back-pressure; wait for it off the async threads.
        match jobs.try_send(job) {
            Ok(()) => {}
            Err(mpsc::TrySendError::Full(job)) => {
                tokio::task::spawn_blocking(move || jobs.send(job))
                    .await
                    .map_err(|_| stopping())?
                    .map_err(|_| stopping())?;
            }
            Err(mpsc::TrySendError::Disconnected(_)) => return Err(stopping()),
        }
        answer.await.map_err(|_| stopping())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zhicha_domain::ids::uuid_v7;

    fn table() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT")
            .unwrap();
        db
    }

    fn insert(n: i64) -> impl FnOnce(&Tx<'_>) -> Result<i64, StoreError> + Send {
        move |tx| {
            tx.db.execute("INSERT INTO t (n) VALUES ($1)", [n])?;
            assert!(n != 13, "the thirteenth");
            Ok(n)
        }
    }

    type Reply = oneshot::Receiver<Result<i64, StoreError>>;

    fn job(n: i64) -> (Box<dyn Job>, Reply) {
        let (reply, answer) = oneshot::channel();
        let job = Closure {
            work: Some(insert(n)),
            result: None,
            reply,
        };
        (Box::new(job), answer)
    }

    fn city() -> CityId {
        uuid_v7(1, [1; 10]).into()
    }

    #[test]
    fn a_job_that_fails_or_panics_is_undone_and_its_neighbours_pass() {
        let db = table();
        let (jobs, mut answers): (Vec<_>, Vec<_>) = [1, 13, 1, 2].into_iter().map(job).unzip();
        commit_group(&db, city(), jobs);
        let got: Vec<_> = answers.iter_mut().map(|a| a.try_recv().unwrap()).collect();
        assert!(matches!(got[0], Ok(1)));
        assert!(matches!(got[1], Err(StoreError::Panicked)));
        assert!(matches!(got[2], Err(StoreError::Sql(_))));
        assert!(matches!(got[3], Ok(2)));
        let rows: i64 = db
            .query_row("SELECT sum(n) FROM t", [], |r| r.get(0))
            .unwrap();
        assert_eq!(rows, 3);
    }

    #[test]
    fn nobody_is_told_it_is_saved_when_the_commit_fails() {
        let mut db = table();
        db.commit_hook(Some(|| true)).unwrap();
        let (one, mut answer) = job(1);
        commit_group(&db, city(), vec![one]);
        assert!(answer.try_recv().unwrap().is_err());
        db.commit_hook(None::<fn() -> bool>).unwrap();
        let (two, mut answer) = job(2);
        commit_group(&db, city(), vec![two]);
        assert!(answer.try_recv().unwrap().is_ok());
    }

    #[tokio::test]
    async fn the_thread_answers_and_stops_when_dropped() {
        let writer = Writer::start(table(), city()).unwrap();
        assert_eq!(writer.write(insert(5)).await.unwrap(), 5);
        drop(writer);
    }
}
