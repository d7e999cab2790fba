#if canImport(Glibc)
    import Glibc
#endif

/// SIGINT, SIGTERM and SIGHUP held back from a thread, so that its work can end in order before they end the process.
///
/// Where another thread takes the signal, the process ends at once, as by SIGKILL.
public struct HeldSignals: Sendable {
    private static let numbers = [SIGINT, SIGTERM, SIGHUP]

    /// Runs `body`, which asks now and then whether a signal waits; such a signal ends the process when `body` is over.
    public static func during<Result>(_ body: (HeldSignals) throws -> Result) rethrows -> Result {
        var held = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&held)
        for number in numbers { unsafe sigaddset(&held, number) }
        unsafe pthread_sigmask(SIG_BLOCK, &held, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        return try body(HeldSignals())
    }

    /// Whether one of them has come and waits.
    public var isPending: Bool {
        var pending = sigset_t()
        guard unsafe sigpending(&pending) == 0 else { return false }
        return HeldSignals.numbers.contains { unsafe sigismember(&pending, $0) == 1 }
    }
}
