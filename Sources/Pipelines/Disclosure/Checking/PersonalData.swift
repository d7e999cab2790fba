/// Looks for what tells about people: mail addresses and names of home folders.
struct PersonalData {
    /// Something that was found.
    struct Match: Hashable {
        /// What it is, with the address or the folder.
        var text: String
        /// The offset of its first byte.
        var offset: Int
    }

    /// The most matches that are kept.
    static let maximumMatches = 50
    /// Names that are nobody's.
    private static let placeholders: Set<String> = [
        "user", "username", "test", "tester", "example", "name", "you", "me", "ubuntu", "debian", "azureuser",
        "vagrant",
        "runner", "admin", "alice", "bob", "build", "builder", "root", "shared",
    ]
    /// RFC 2606 and RFC 6762.
    private static let reservedDomains = ["example.com", "example.net", "example.org", "localhost"]
    private static let reservedEndings = [".example", ".invalid", ".test", ".localhost", ".local"]

    /// Addresses that belong into the report, in lower case.
    let known: Set<String>

    /// The addresses and folders in `bytes`, each once.
    func matches(_ bytes: [UInt8]) -> [Match] {
        var seen: Set<String> = []
        var matches: [Match] = []
        for (index, byte) in bytes.enumerated() where matches.count < Self.maximumMatches {
            let match: Match?
            switch byte {
            case UInt8(ascii: "@"): match = address(bytes, index)
            case UInt8(ascii: "/"), UInt8(ascii: "\\"): match = folder(bytes, index)
            default: match = nil
            }
            if let match, seen.insert(match.text).inserted { matches.append(match) }
        }
        return matches
    }

    private static let local = ByteClass("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-")
    private static let domain = ByteClass("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")

    private func address(_ bytes: [UInt8], _ at: Int) -> Match? {
        var start = at
        while start > 0, at - start < 64, Self.local.contains(bytes[start - 1]) { start -= 1 }
        var end = at + 1
        while end < bytes.count, end - at <= 255, Self.domain.contains(bytes[end]) { end += 1 }
        while end > at + 1, bytes[end - 1] == UInt8(ascii: ".") || bytes[end - 1] == UInt8(ascii: "-") { end -= 1 }
        let text = String(decoding: bytes[start..<end], as: UTF8.self).lowercased()
        let domain = String(decoding: bytes[(at + 1)..<end], as: UTF8.self).lowercased()
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        // What stands between a colon and the host of a URL is a password.
        let before = bytes[max(0, start - 72)..<start]
        if before.last == UInt8(ascii: ":"), let slash = before.lastIndex(of: UInt8(ascii: "/")),
            !before[slash...].contains(UInt8(ascii: " ")), slash > before.startIndex,
            before[slash - 1] == UInt8(ascii: "/")
        {
            return nil
        }
        // A version after a package's name (`name@1.2`), a unit of systemd and a remote folder (`git@host:`) are no mail.
        guard start < at, labels.count >= 2, labels.allSatisfy({ !$0.isEmpty }), let last = labels.last,
            last.utf8.count >= 2, last.allSatisfy(\.isLetter), !known.contains(text), !text.hasPrefix("git@"),
            !["service", "socket", "timer", "target", "mount", "slice"].contains(String(last)),
            !Self.reservedDomains.contains(where: { domain == $0 || domain.hasSuffix("." + $0) }),
            !Self.reservedEndings.contains(where: { domain.hasSuffix($0) })
        else { return nil }
        return Match(text: "the mail address '\(text)'", offset: start)
    }

    private static let name = ByteClass("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")

    private func folder(_ bytes: [UInt8], _ at: Int) -> Match? {
        for root in ["/home/", "/Users/", "\\Users\\"] where bytes[at...].starts(with: root.utf8) {
            let rest = bytes[(at + root.utf8.count)...].prefix(64).prefix { Self.name.contains($0) }
            let name = String(decoding: rest, as: UTF8.self)
            guard !name.isEmpty, !Self.placeholders.contains(name.lowercased()) else { return nil }
            return Match(text: "the home folder '\(root)\(name)'", offset: at)
        }
        return nil
    }
}
