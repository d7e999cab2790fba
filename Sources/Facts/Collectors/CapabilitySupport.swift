import AssayFileSystem

extension SubjectReader {
    /// Whether the subject keeps capabilities of files; nil when that cannot be told.
    ///
    /// A running kernel has `/proc/sys/kernel/cap_last_cap` when it knows capabilities; `no_file_caps` on its command line
    /// makes it ignore those of files (kernel-parameters.rst). A root directory may have lost them when it was unpacked.
    func supportsCapabilities(isLive: Bool) -> Bool? {
        guard isLive, exists("/proc/sys/kernel/cap_last_cap") == true else { return nil }
        guard let line = line("/proc/cmdline").value else { return nil }
        return !line.split(separator: " ").contains("no_file_caps")
    }
}
