import AssayBytes
import AssayFileSystem
import AssayTrustStore

/// The folder outside the store that has a link for each file of the output `legacy`.
struct LinkFolder {
    let path: TreePath
    /// The links that are missing or lead elsewhere in a store of ours.
    private(set) var wanted: [(path: TreePath, target: [UInt8], replaces: Bool)] = []
    /// The links of ours whose files the store no longer has.
    private(set) var outdated: [TreePath] = []
    /// Files that bundle2pem.sh made.
    private(set) var foreignPairs: [TreePath] = []

    /// Whether nothing has to be done.
    var isComplete: Bool { wanted.isEmpty && outdated.isEmpty }

    /// Looks at the folder.
    ///
    /// - Throws: `StoreSwitchError` with each name that is taken by something of somebody else's.
    init(_ path: TreePath, content: StoreContent, in place: StorePlace) throws {
        let reader = place.root.reader
        let own = try place.root.resolved(path)
        let store = try place.root.resolved(place.folder)
        self.path = own
        guard !own.isInside(store) else {
            throw StoreSwitchError(.conflict, [path.description], "the folder of links lies in the store itself")
        }
        let prefix = LinkFolder.relative(from: own, to: store.appending(".assay/current/\(StoreOutput.legacy.path)"))
        let folder = try Folder(own, reader)
        var conflicts: [String] = []
        let names = content.names(in: .legacy).map { Array($0.utf8) }
        for name in names {
            let target = prefix + [0x2F] + name
            switch folder.entries[name] {
            case nil: wanted.append((own.appending(name), target, false))
            case .link(target): continue
            case .link(let other) where LinkFolder.isOurs(other): wanted.append((own.appending(name), target, true))
            default: if !folder.isPair(name) { conflicts.append(own.appending(name).description) }
            }
        }
        guard conflicts.isEmpty else {
            throw StoreSwitchError(
                .conflict, conflicts,
                "somebody else's file has the name of a link to the store: move it away, then run again")
        }
        let kept = Set(names)
        for (name, entry) in folder.entries where !kept.contains(name) {
            if entry == .link(prefix + [0x2F] + name) { outdated.append(own.appending(name)) }
        }
        outdated.sort()
        foreignPairs = folder.entries.keys.filter(folder.isPair).map(own.appending).sorted()
    }

    /// What a folder holds.
    private struct Folder {
        enum Entry: Hashable {
            case link([UInt8])
            case file
            case other
        }

        private(set) var entries: [[UInt8]: Entry] = [:]

        init(_ path: TreePath, _ reader: RootedDirectory) throws {
            guard try reader.existing(path) != nil else { return }
            for entry in try reader.entries(path) where entry.name != Array(StorePlace.newLinkName.utf8) {
                let file = path.appending(entry.name)
                switch try entry.type ?? reader.linkStatus(file).type {
                case .symbolicLink: entries[entry.name] = .link(try reader.linkTarget(file))
                case .regular: entries[entry.name] = .file
                case .directory, .special: entries[entry.name] = .other
                }
            }
        }

        /// Whether bundle2pem.sh made it: `HASH.pem`, and the link `HASH.0` to it.
        func isPair(_ name: [UInt8]) -> Bool {
            let hash = Array(name.prefix(8))
            guard hash.count == 8, hash.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
                return false
            }
            let file = hash + Array(".pem".utf8)
            let link = hash + Array(".0".utf8)
            return (name == file || name == link) && entries[file] == .file && entries[link] == .link(file)
        }
    }

    /// Whether a link leads into a store that assay published.
    private static func isOurs(_ target: [UInt8]) -> Bool {
        let names = target.split(separator: 0x2F).map(Array.init)
        guard let place = names.lastIndex(of: Array(".assay".utf8)), place + 3 < names.count else { return false }
        return names[place + 1] == Array("current".utf8) && names[place + 2] == Array(StoreOutput.legacy.path.utf8)
    }

    /// The path of `target` as seen from `folder`; both without links on the way.
    static func relative(from folder: TreePath, to target: TreePath) -> [UInt8] {
        var common = 0
        while common < min(folder.names.count, target.names.count), folder.names[common] == target.names[common] {
            common += 1
        }
        let up = Array(repeating: Array("..".utf8), count: folder.names.count - common)
        return Array((up + target.names[common...]).joined(separator: [0x2F]))
    }
}
