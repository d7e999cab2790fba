import Foundation

@testable import AssaySystemd

/// Unit trees on disk, as listings.
enum UnitTree {
    /// Reads the system directories below `root` that are there.
    static func read(_ root: String) throws -> UnitSet {
        var directories: [UnitDirectory] = []
        for path in UnitScope.system.directoryPaths where FileManager.default.fileExists(atPath: root + path) {
            // On a merged /usr the last one is the same directory under its other name.
            if path.hasPrefix("/lib/"), isLink(root + "/lib") { continue }
            directories.append(try list(root, path))
        }
        var linked: [String: [UInt8]] = [:]
        for path in ["/opt"] where FileManager.default.fileExists(atPath: root + path) {
            for name in try FileManager.default.contentsOfDirectory(atPath: root + path) {
                linked[path + "/" + name] = try bytes(root + path + "/" + name)
            }
        }
        return UnitSet(directories: directories, linkedFiles: linked)
    }

    /// Reads the preset directories below `root`.
    static func presets(_ root: String) throws -> UnitPresets {
        UnitPresets(directories: try dropIns(root, UnitPresets.systemDirectoryPaths))
    }

    static func dropIns(_ root: String, _ paths: [String]) throws -> [DropInDirectory] {
        try paths.filter { FileManager.default.fileExists(atPath: root + $0) }.map {
            DropInDirectory(path: $0, entries: try list(root, $0).entries)
        }
    }

    private static func list(_ root: String, _ path: String) throws -> UnitDirectory {
        var result = UnitDirectory(path: path)
        for name in try FileManager.default.contentsOfDirectory(atPath: root + path) {
            let full = root + path + "/" + name
            if let entry = try entry(full) {
                result.entries[name] = entry
            } else {
                var entries: [String: UnitDirectoryEntry] = [:]
                for inner in try FileManager.default.contentsOfDirectory(atPath: full) {
                    entries[inner] = try entry(full + "/" + inner) ?? .other("directory")
                }
                result.subdirectories[name] = entries
            }
        }
        return result
    }

    /// Nil for a directory.
    private static func entry(_ path: String) throws -> UnitDirectoryEntry? {
        if isLink(path) {
            return .symlink(target: try FileManager.default.destinationOfSymbolicLink(atPath: path))
        }
        let type = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        return type == .typeDirectory ? nil : .file(try bytes(path))
    }

    private static func isLink(_ path: String) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
