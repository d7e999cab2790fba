import AssayFacts
import AssayFindings

extension LinkFacts {
    /// Whether what is there is known not to be what is stated.
    var isContradicted: Bool {
        if let expectedSize, let size, expectedSize != size { return true }
        if let expected, let computed, expected != computed { return true }
        return false
    }

    /// Whether a stated digest was recomputed and found equal, and no size is against it.
    var isConfirmed: Bool { fault == nil && expected != nil && expected == computed && !isContradicted }

    /// Both values in one line.
    var comparison: String {
        var parts: [String] = []
        if let expectedSize, let size, expectedSize != size {
            parts.append("\(expectedSize) bytes stated, \(size) found")
        }
        let name = algorithm.map { "\($0) " } ?? ""
        switch (expected, computed) {
        case (let expected?, let computed?) where expected == computed: parts.append("\(name)\(expected)")
        case (let expected?, let computed?): parts.append("\(name)\(expected) stated, \(computed) found")
        case (let expected?, nil): parts.append("\(name)\(expected) stated, not computed")
        case (nil, _): break
        }
        if let detail { parts.append(detail) }
        return "\(file): " + (parts.isEmpty ? "nothing to compare" : parts.joined(separator: "; "))
    }
}

extension VouchedFileFacts {
    /// What the file says that it is, in a few words.
    var identityText: String? {
        if let package {
            return [package.name, package.version, package.architecture].compactMap { $0 }.joined(separator: " ")
        }
        guard let image else { return nil }
        return image.volumeID.isEmpty ? image.bootText : "\(image.volumeID), boots on \(image.bootText)"
    }
}

extension ISOImageFacts {
    /// Whether the image boots on `architecture`: a boot file for it, or, on PCs, a BIOS boot image.
    func boots(on architecture: String) -> Bool {
        bootMethods.contains { method in
            if let own = method.architecture { return Architecture.isSame(own, architecture) }
            return method.platform == "BIOS" && ["x86_64", "i686"].contains(Architecture.canonical(architecture))
        }
    }

    /// What it boots on, for a sentence.
    var bootText: String {
        let ways = bootMethods.map { method in
            [method.platform, method.architecture].compactMap { $0 }.joined(separator: " ")
        }
        let unique = Set(ways).sorted()
        return unique.isEmpty ? "nothing" : unique.joined(separator: ", ")
    }
}

/// Names of architectures.
enum Architecture {
    /// The name that `uname -m` has for what vendors call otherwise.
    static func canonical(_ name: String) -> String {
        switch name.lowercased() {
        case "amd64", "x64", "x86-64", "x86_64": "x86_64"
        case "arm64", "aarch64": "aarch64"
        case "i386", "i486", "i586", "i686", "x86", "ia32": "i686"
        case "ppc64el", "ppc64le": "ppc64le"
        case let other: other
        }
    }

    /// Whether two names mean the same.
    static func isSame(_ left: String, _ right: String) -> Bool { canonical(left) == canonical(right) }
}

/// Versions as people write them.
enum Version {
    /// Whether `found` is `wanted` or more exact than it (`3.0.20260101` and `1:3.0-2` fit `3.0`; `3.01` does not).
    static func fits(_ found: String, _ wanted: String) -> Bool {
        // An epoch counts when it is asked for: the 1 of `1:3.0-2` is not the version 1.
        let parts = found.split(separator: ":", maxSplits: 1)
        let hasEpoch = parts.count == 2 && parts[0].allSatisfy { ("0"..."9").contains($0) }
        let text = hasEpoch && !wanted.contains(":") ? String(parts[1]) : found
        guard !wanted.isEmpty, text.hasPrefix(wanted) else { return false }
        guard let next = text.dropFirst(wanted.count).first else { return true }
        return !next.isLetter && !next.isNumber
    }
}
