extension RootedDirectory {
    /// What `path` itself is, a symbolic link included; nil when nothing is there.
    public func existingLink(_ path: TreePath) throws -> FileStatus? { try unlessMissing { try linkStatus(path) } }

    /// What `path` leads to; nil when nothing is there.
    public func existing(_ path: TreePath) throws -> FileStatus? { try unlessMissing { try status(path) } }

    private func unlessMissing<Value>(_ body: () throws -> Value) throws -> Value? {
        do {
            return try body()
        } catch let error as FileSystemError where error.code == .notFound {
            return nil
        }
    }
}
