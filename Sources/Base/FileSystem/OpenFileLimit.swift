#if canImport(Glibc)
    import Glibc
#endif

/// How many files this process may have open.
public enum OpenFileLimit {
    /// Raises the limit as far as the system allows it without privileges (setrlimit(2)); it stays as it was where that is
    /// refused.
    public static func raise() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(resource, &limit)
    }
}
