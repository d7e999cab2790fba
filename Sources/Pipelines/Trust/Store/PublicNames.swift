import AssayFileSystem
import AssayTrustStore

/// What stands at the public names of a store before it is published.
struct PublicNames {
    enum State: Hashable {
        /// Nothing.
        case missing
        /// The link that belongs there.
        case link
        /// A regular file, or somebody's link to one or to nothing.
        case file
        /// A directory where the output is a folder.
        case directory
    }

    private(set) var states: [(name: StoreContent.PublicName, state: State)] = []
    /// Names of outputs that the store no longer offers.
    private(set) var outdated: [TreePath] = []

    /// Looks at the names.
    ///
    /// - Throws: `StoreSwitchError` with everything that stands in the way.
    init(of content: StoreContent, in place: StorePlace) throws {
        let reader = place.root.reader
        var conflicts: [String] = []
        for name in content.publicNames {
            let path = place.path(name.path)
            let status = try reader.existingLink(path)
            switch status?.type {
            case nil: states.append((name, .missing))
            case .symbolicLink:
                if try reader.linkTarget(path) == StorePlace.target(name.path) {
                    states.append((name, .link))
                } else if try !name.isFolder && [nil, .regular].contains(reader.existing(path)?.type) {
                    states.append((name, .file))
                } else {
                    conflicts.append(path.description)
                }
            case .regular where !name.isFolder: states.append((name, .file))
            case .directory where name.isFolder: states.append((name, .directory))
            case .regular, .directory, .special: conflicts.append(path.description)
            }
        }
        guard conflicts.isEmpty else {
            throw StoreSwitchError(
                .conflict, conflicts, "neither assay's nor what update-ca-trust makes: move it away, then run again")
        }
        let offered = Set(content.publicNames.map(\.path))
        for output in StoreOutput.allCases where !offered.contains(output.path) {
            let path = place.path(output.path)
            guard try reader.existingLink(path)?.type == .symbolicLink,
                try reader.linkTarget(path) == StorePlace.target(output.path)
            else { continue }
            outdated.append(path)
        }
    }

    /// Whether every name is the link that belongs there.
    var areComplete: Bool { states.allSatisfy { $0.state == .link } && outdated.isEmpty }

    func contains(_ state: State) -> Bool { states.contains { $0.state == state } }

    /// Whether a name shows anything but the current generation, so that a copy of what it shows is needed.
    func needsCopy(current: String?) -> Bool {
        contains(.file) || contains(.directory) || (current != nil && contains(.missing))
    }
}
