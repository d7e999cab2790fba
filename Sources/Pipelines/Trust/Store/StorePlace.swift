import AssayFileSystem
import AssaySubjects
import AssayTrustStore

/// Where the parts of a published store lie.
struct StorePlace: Sendable {
    let root: WritableDirectory
    /// The store's folder.
    let folder: TreePath

    /// What begins the name of a generation.
    static let generationPrefix = "generation-"
    /// What ends the name of a directory that was moved aside.
    static let asideSuffix = ".before-assay"
    /// The name of a link before it takes the place of something, in the same directory.
    static let newLinkName = ".assay-new"

    /// The folder of everything that is ours alone.
    var own: TreePath { folder.appending(".assay") }
    var lock: TreePath { own.appending("lock") }
    /// The link to the generation that counts.
    var current: TreePath { own.appending("current") }
    var newCurrent: TreePath { own.appending("current.new") }
    /// A generation that is being written.
    var building: TreePath { own.appending("building") }

    func generation(_ name: String) -> TreePath { own.appending(name) }

    /// A path in a generation.
    func generation(_ name: String, _ below: String) -> TreePath {
        TreePath(names: generation(name).names + TreePath(below).names)
    }

    /// A path below the store's folder.
    func path(_ below: String) -> TreePath { TreePath(names: folder.names + TreePath(below).names) }

    /// What the public name `below` links to.
    static func target(_ below: String) -> [UInt8] { StoreState.linkTarget(below) }

    /// The name of the current generation; nil when there is none.
    func currentGeneration() throws -> String? {
        guard let status = try root.reader.existingLink(current) else { return nil }
        guard status.type == .symbolicLink else {
            throw StoreSwitchError(.conflict, [current.description], "is no symbolic link of assay's")
        }
        let name = String(decoding: try root.reader.linkTarget(current), as: UTF8.self)
        guard name.hasPrefix(StorePlace.generationPrefix), !name.contains("/"),
            try root.reader.existingLink(generation(name))?.type == .directory
        else { return nil }
        return name
    }
}
