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
    // The kernel counts these in ticks of 1/100 s on every architecture that we build for (USER_HZ, proc(5)).
    const TICK: Duration = Duration::from_millis(10);
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The program's name, in brackets, may hold anything; what follows it may not.
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u32 = fields.get(11)?.parse::<u32>().ok()? + fields.get(12)?.parse::<u32>().ok()?;
    Some(TICK * ticks)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_and_has_used_time() {
        let pid = std::process::id();
        assert!(resident_memory(pid).unwrap() > 100_000);
        assert!(processor_time(pid).is_some());
    }
}
