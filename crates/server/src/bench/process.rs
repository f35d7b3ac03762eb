//! What the operating system says about a process: memory and processor time. Linux only; none elsewhere.
//!
//! Called by `inbox`. Processor time per request is the steadiest figure of all on a machine that others use too.

use std::time::Duration;

/// Memory that a process holds, in bytes (resident set, as `ps` has it).
pub fn resident_memory(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Processor time that a process has used, its own and the kernel's for it.
pub fn processor_time(pid: u32) -> Option<Duration> {
    Some(TICK * Stat::read(pid)?.own)
}

/// Processor time of a process and of all its children, also of those that have ended: of a PostgreSQL server.
pub fn processor_time_of_all(pid: u32) -> Option<Duration> {
    let parent = Stat::read(pid)?;
    let children: u32 = std::fs::read_dir("/proc")
        .ok()?
        .filter_map(|entry| Stat::read(entry.ok()?.file_name().to_str()?.parse().ok()?))
        .filter(|stat| stat.parent == pid)
        .map(|stat| stat.own)
        .sum();
    Some(TICK * (parent.own + parent.ended_children + children))
}

/// The kernel counts in ticks of 1/100 s on every architecture that we build for (`USER_HZ`, proc(5)).
const TICK: Duration = Duration::from_millis(10);

/// What is needed of `/proc/{pid}/stat`; times in ticks.
struct Stat {
    parent: u32,
    own: u32,
    ended_children: u32,
}

impl Stat {
    fn read(pid: u32) -> Option<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The program's name, in brackets, may hold anything; what follows it may not.
        let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<u32>().ok();
        Some(Self {
            parent: number(1)?,
            own: number(11)? + number(12)?,
            ended_children: number(13)? + number(14)?,
        })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_and_has_used_time() {
        let pid = std::process::id();
        assert!(resident_memory(pid).unwrap() > 100_000);
        let own = processor_time(pid).unwrap();
        assert!(processor_time_of_all(pid).unwrap() >= own);
    }
}
