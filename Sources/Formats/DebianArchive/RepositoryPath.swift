/// Paths that a repository's files give, relative to the repository.
enum RepositoryPath {
    /// The path without `./` before it, or nil when it is not one below the repository, in printable ASCII.
    ///
    /// `..`, an absolute path, empty components and backslashes are refused: what is fetched or opened by such a path
    /// would not be what the repository's files speak about. `~`, `%` and others that stand in real versions pass.
    static func normalized(_ bytes: some Collection<UInt8>) -> String? {
        guard bytes.count <= 4096 else { return nil }
        var start = bytes.startIndex
        // A flat repository writes its paths with this before them.
        if bytes.count > 2, bytes.starts(with: [0x2E, 0x2F]) { start = bytes.index(start, offsetBy: 2) }
        var length = 0
        var dots = 0
        for byte in bytes[start...] {
            guard (0x21..<0x7F).contains(byte), byte != 0x5C else { return nil }
            guard byte == 0x2F else {
                length += 1
                dots += byte == 0x2E ? 1 : 0
                continue
            }
            guard !isNoName(length, dots) else { return nil }
            length = 0
            dots = 0
        }
        guard !isNoName(length, dots) else { return nil }
        return String(decoding: bytes[start...], as: UTF8.self)
    }

    /// Whether a component of so many bytes, so many of them dots, is empty, `.` or `..`.
    private static func isNoName(_ length: Int, _ dots: Int) -> Bool { length <= 2 && dots == length }
}
