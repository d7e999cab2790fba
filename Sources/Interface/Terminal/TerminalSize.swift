#if canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension OutputStream {
    /// Columns of a line: `COLUMNS` when the user sets it, else what the terminal says, else 80.
    ///
    /// Widths below 20 or above 10,000 are taken for nonsense.
    public func width(environment: [String: String]) -> Int {
        let sane = 20...10_000
        if let wished = environment["COLUMNS"].flatMap({ Int($0) }), sane.contains(wished) { return wished }
        guard let told = terminalColumns, sane.contains(told) else { return 80 }
        return told
    }

    /// What the kernel knows of the terminal's width (ioctl_tty(2), TIOCGWINSZ); nil for anything but a terminal.
    private var terminalColumns: Int? {
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}

/// What the environment says of the character set (locale(7)).
public enum TerminalCharacters {
    /// Whether text in UTF-8 may be shown: the first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set decides.
    public static func isUTF8(environment: [String: String]) -> Bool {
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            guard let value = environment[name], !value.isEmpty else { continue }
            let set = value.lowercased()
            return set.contains("utf-8") || set.contains("utf8")
        }
        return false
    }
}
