//! When an answer's bytes came, stamped by the system: so that a reader may come late, and be woken once for many
//! tokens instead of once for each.
//!
//! Linux stamps what comes on a socket (`SO_TIMESTAMPNS`; of TCP since 4.13, `tcp_recv_timestamp` in `net/ipv4/tcp.c`).
//! Elsewhere, and where a kernel does not, bytes count as having come when they are read, without naps.

use std::cell::Cell;
use std::time::{Duration, Instant};

use ureq::Agent;
use ureq::config::Config;

/// When the bytes came that were read last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    /// When the last of them came.
    pub(super) at: Instant,
    /// Whether others may have come earlier, unseen.
    pub(super) is_gathered: bool,
}

impl Arrival {
    /// Of what was read as soon as it came.
    pub(super) const fn prompt(at: Instant) -> Self {
        Self { at, is_gathered: false }
    }
}

/// What a connection and the thread that reads from it share; between them stand HTTP and TLS.
#[derive(Clone, Copy, Debug, Default)]
struct Reading {
    nap: Duration,
    arrival: Option<Arrival>,
}

thread_local! {
    static READING: Cell<Reading> = const { Cell::new(Reading { nap: Duration::ZERO, arrival: None }) };
}

/// Lets this thread sleep this long before it waits for more bytes, where the system stamps them.
pub(super) fn nap(time: Duration) {
    READING.set(Reading { nap: time, ..READING.get() });
}

/// When the bytes came that this thread has read last; now, where unknown.
pub(super) fn last() -> Arrival {
    READING.get().arrival.unwrap_or_else(|| Arrival::prompt(Instant::now()))
}

/// An agent whose connections note when bytes came, where the system does.
#[cfg(not(target_os = "linux"))]
pub(super) fn agent(config: Config) -> Agent {
    Agent::new_with_config(config)
}

/// An agent whose connections note when bytes came.
#[cfg(target_os = "linux")]
pub(super) fn agent(config: Config) -> Agent {
    use ureq::unversioned::resolver::DefaultResolver;
    use ureq::unversioned::transport::{ConnectProxyConnector, Connector as _, RustlsConnector};
    let connector =
        ().chain(ConnectProxyConnector::default()).chain(stamped::Stamping).chain(RustlsConnector::default());
    Agent::with_parts(config, connector, DefaultResolver::default())
}

#[cfg(target_os = "linux")]
mod stamped {
    use std::io::{self, IoSliceMut, Read as _, Write as _};
    use std::net::TcpStream;
    use std::os::fd::AsRawFd as _;
    use std::thread;
    use std::time::{Duration, Instant, SystemTime};

    use nix::errno::Errno;
    use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg, setsockopt, sockopt};
    use nix::sys::time::TimeSpec;
    use ureq::unversioned::transport::{
        Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
    };
    use ureq::{Error, Timeout};

    use super::{Arrival, READING, Reading};

    /// Opens connections with stamps.
    #[derive(Debug)]
    pub(super) struct Stamping;

    impl<In: Transport> Connector<In> for Stamping {
        type Out = Either<In, Stamped>;

        fn connect(
            &self,
            details: &ConnectionDetails<'_>,
            chained: Option<In>,
        ) -> Result<Option<Self::Out>, Error> {
            // A proxy's connection is one already, and was opened here itself.
            if let Some(chained) = chained {
                return Ok(Some(Either::A(chained)));
            }
            let timeout = limit(details.timeout);
            let mut failure = Error::HostNotFound;
            for address in &*details.addrs {
                let stream = match timeout {
                    Some(timeout) => TcpStream::connect_timeout(address, timeout),
                    None => TcpStream::connect(address),
                };
                match stream {
                    Ok(stream) => {
                        stream.set_nodelay(true)?;
                        let tells = setsockopt(&stream, sockopt::ReceiveTimestampns, &true).is_ok();
                        let config = details.config;
                        let buffers =
                            LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size());
                        let (patience, clocks) = ([None; 2], Clocks::now());
                        let latest = clocks.steady;
                        return Ok(Some(Either::B(Stamped {
                            stream,
                            tells,
                            buffers,
                            patience,
                            latest,
                            clocks,
                        })));
                    }
                    Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                        failure = Error::Timeout(Timeout::Connect);
                    }
                    Err(error) => failure = error.into(),
                }
            }
            Err(failure)
        }
    }

    /// A connection whose reader hears when the bytes came.
    #[derive(Debug)]
    pub(super) struct Stamped {
        stream: TcpStream,
        /// Whether the system stamps, as far as seen.
        tells: bool,
        buffers: LazyBuffers,
        /// How long it waits to read and to write, as set on the socket.
        patience: [Option<Duration>; 2],
        /// When it was written to, or bytes came, last: none can have come before.
        latest: Instant,
        /// The wall clock beside the other one, when it was last looked at.
        clocks: Clocks,
    }

    impl Transport for Stamped {
        fn buffers(&mut self) -> &mut dyn Buffers {
            &mut self.buffers
        }

        fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
            let timeout = timeout.for_write();
            if self.patience[1] != limit(timeout) {
                self.stream.set_write_timeout(limit(timeout))?;
                self.patience[1] = limit(timeout);
            }
            self.latest = Instant::now();
            let output = &self.buffers.output()[..amount];
            self.stream.write_all(output).map_err(|error| told(error, timeout))
        }

        fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
            let timeout = timeout.for_read();
            let Reading { nap, .. } = READING.get();
            let naps = self.tells && !nap.is_zero();
            if naps {
                thread::sleep(nap);
            }
            if self.patience[0] != limit(timeout) {
                self.stream.set_read_timeout(limit(timeout))?;
                self.patience[0] = limit(timeout);
            }
            let space = self.buffers.input_append_buf();
            let (length, stamp) = received(&self.stream, space).map_err(|error| told(error, timeout))?;
            self.buffers.input_appended(length);
            self.tells &= stamp.is_some() || length == 0;
            let now = Clocks::now();
            // A stamp of a clock that was set meanwhile is worth nothing.
            let stamp = stamp.filter(|_| !now.was_set_since(&self.clocks));
            self.clocks = now;
            let arrival = match stamp.and_then(|stamp| now.steady_at(stamp)) {
                Some(at) => Arrival { at: at.max(self.latest), is_gathered: naps },
                None => Arrival::prompt(now.steady),
            };
            self.latest = arrival.at;
            READING.set(Reading { nap, arrival: Some(arrival) });
            Ok(length > 0)
        }

        fn is_open(&mut self) -> bool {
            let mut byte = [0];
            // Nothing is to be read between two answers; what is there is no answer to anything.
            let is_quiet = self.stream.set_nonblocking(true).is_ok()
                && matches!((&self.stream).read(&mut byte), Err(error) if error.kind() == io::ErrorKind::WouldBlock);
            is_quiet && self.stream.set_nonblocking(false).is_ok()
        }
    }

    /// Reads what is there, or waits for it, and when the last of it came.
    fn received(stream: &TcpStream, space: &mut [u8]) -> io::Result<(usize, Option<SystemTime>)> {
        let mut stamps = nix::cmsg_space!(TimeSpec);
        let mut slices = [IoSliceMut::new(space)];
        loop {
            let flags = MsgFlags::empty();
            let message = match recvmsg::<()>(stream.as_raw_fd(), &mut slices, Some(&mut stamps), flags) {
                Err(Errno::EINTR) => continue,
                message => message?,
            };
            let stamp = message.cmsgs()?.find_map(|message| match message {
                ControlMessageOwned::ScmTimestampns(stamp) => Some(Duration::from(stamp)),
                _ => None,
            });
            return Ok((message.bytes, stamp.map(|since_epoch| SystemTime::UNIX_EPOCH + since_epoch)));
        }
    }

    /// How far the two clocks may drift apart unnoticed: adjtime(3) slews by 0.05 %, and NTP's daemons set a clock that is
    /// 128 ms off; a thread may be put aside between one look and the other.
    const DRIFT: f64 = 0.001;
    const PUT_ASIDE: Duration = Duration::from_millis(50);

    /// How near the two looks have to be, and how often to try.
    const AT_ONCE: Duration = Duration::from_micros(100);
    const LOOKS: u32 = 5;

    /// The wall clock, by which the system stamps, and the one that only goes forward.
    #[derive(Clone, Copy, Debug)]
    struct Clocks {
        wall: SystemTime,
        steady: Instant,
    }

    impl Clocks {
        /// Both at once, as near as a busy machine lets them be.
        fn now() -> Self {
            let mut clocks = Self { steady: Instant::now(), wall: SystemTime::now() };
            for _ in 1..LOOKS {
                if clocks.steady.elapsed() < AT_ONCE {
                    break;
                }
                clocks = Self { steady: Instant::now(), wall: SystemTime::now() };
            }
            clocks
        }

        /// Whether the wall clock was set since `before`, forward or back.
        fn was_set_since(&self, before: &Self) -> bool {
            let steady = self.steady.saturating_duration_since(before.steady);
            let Ok(wall) = self.wall.duration_since(before.wall) else { return true };
            wall.abs_diff(steady) > PUT_ASIDE + steady.mul_f64(DRIFT)
        }

        /// A time of the wall clock by the other one; none of a time to come, or from before that one began.
        fn steady_at(&self, stamp: SystemTime) -> Option<Instant> {
            self.steady.checked_sub(self.wall.duration_since(stamp).ok()?)
        }
    }

    fn limit(timeout: NextTimeout) -> Option<Duration> {
        timeout.not_zero().map(|time| *time)
    }

    fn told(error: io::Error, timeout: NextTimeout) -> Error {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Error::Timeout(timeout.reason),
            _ => error.into(),
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_wall_clock_that_was_set_dates_no_token() {
            let before = Clocks::now();
            let second = Duration::from_secs(1);
            let after = |wall: SystemTime| Clocks { wall, steady: before.steady + second };
            assert!(!after(before.wall + second).was_set_since(&before));
            assert!(!after(before.wall + second + PUT_ASIDE).was_set_since(&before));
            assert!(after(before.wall + 3600 * second).was_set_since(&before));
            assert!(after(before.wall - 3600 * second).was_set_since(&before));
            assert!(after(before.wall + second + 2 * PUT_ASIDE).was_set_since(&before));
            let now = after(before.wall + second);
            assert_eq!(now.steady_at(before.wall), Some(before.steady));
            assert_eq!(now.steady_at(now.wall + second), None);
        }
    }
}
