import AssayVulnerabilityReport

/// Looks for links to places that everybody can read: what is there is no secret any more.
enum PublicLink {
    /// Parts of addresses after `://` and a name before them, with what is there.
    private static let places: [(host: String, path: String, what: String)] = [
        ("gist.github.com", "", "a gist"), ("pastebin.com", "", "a paste"), ("paste.debian.net", "", "a paste"),
        ("paste.ubuntu.com", "", "a paste"), ("hastebin.com", "", "a paste"), ("dpaste.com", "", "a paste"),
        ("dpaste.org", "", "a paste"), ("ghostbin.com", "", "a paste"), ("ix.io", "", "a paste"),
        ("termbin.com", "", "a paste"), ("0x0.st", "", "a paste"), ("bugs.debian.org", "", "a bug tracker"),
        ("bugzilla.", "", "a bug tracker"), ("bugs.launchpad.net", "", "a bug tracker"),
        ("twitter.com", "", "a public post"),
        ("x.com", "", "a public post"), ("exploit-db.com", "", "a collection of exploits"),
        ("packetstormsecurity.com", "", "a collection of exploits"), ("youtube.com", "", "a public film"),
        ("youtu.be", "", "a public film"),
    ]
    private static let trackerPaths = [
        "/issues/", "/pull/", "/discussions/", "/-/issues/", "/merge_requests/", "/commit/",
    ]
    private static let forges = ["github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "git.sr.ht"]

    /// What is public at `url`, or nil.
    ///
    /// - Parameters:
    ///   - url: an address.
    ///   - report: the report; the repository of the affected source is no disclosure.
    ///   - isProof: whether the address is given as a proof of concept.
    /// - Returns: what is there, as a noun (`a gist`).
    static func reason(_ url: String, in report: VulnerabilityReport, isProof: Bool) -> String? {
        guard let scheme = url.range(of: "://") else { return nil }
        let rest = url[scheme.upperBound...].lowercased()
        let host = rest.prefix { $0 != "/" && $0 != ":" && $0 != "?" }
        let path = rest.dropFirst(host.count)
        for place in places
        where host == place.host || host.hasSuffix("." + place.host)
            || place.host.hasSuffix(".") && host.hasPrefix(place.host)
        {
            return place.what
        }
        guard forges.contains(where: { host == $0 || host.hasSuffix("." + $0) }) || host.hasPrefix("gitlab.") else {
            return nil
        }
        if path.contains("/security/advisories") { return nil }
        // The commit of the affected source is asked for, a commit elsewhere would be the fix or the exploit.
        let isOwnSource = [report.location.repository, report.location.url].contains { source in
            source.map { url.hasPrefix($0) || $0.hasPrefix(url) } == true
        }
        for tracker in trackerPaths where path.contains(tracker) {
            if tracker == "/commit/" { continue }
            return "an issue, a change or a discussion that everybody can read"
        }
        return isProof && !isOwnSource ? "a repository that may be public" : nil
    }

    /// The addresses in a text, with their offsets in bytes.
    static func addresses(in bytes: [UInt8]) -> [(url: String, offset: Int)] {
        var found: [(String, Int)] = []
        let ends = ByteClass(" \t\r\n<>\"'`)]}|\\")
        var index = 0
        while index < bytes.count, found.count < 1000 {
            guard bytes[index] == UInt8(ascii: "h"),
                bytes[index...].starts(with: "https://".utf8) || bytes[index...].starts(with: "http://".utf8)
            else {
                index += 1
                continue
            }
            let url = bytes[index...].prefix(2048).prefix { !ends.contains($0) }
            found.append((String(decoding: url, as: UTF8.self), index))
            index += url.count
        }
        return found
    }
}

extension StringProtocol {
    /// Where `text` first stands, compared by bytes.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
