import Foundation

/// A package of PyPI in an environment of its own, made once; tests without it are skipped where PyPI is not reached.
public struct PythonPackage: Sendable {
    /// CSAF's own tests, and the example documents of OASIS.
    public static let csaf = PythonPackage("csaf", "2026.10.25")
    /// The reference for security.txt.
    public static let sectxt = PythonPackage("sectxt", "0.9.8")

    /// The folder of the environment's programs; nil where there is none.
    public let programs: String?
    /// The folder of the package's modules and data; nil where there is none.
    public let modules: String?

    private init(_ name: String, _ version: String) {
        let folder = NSTemporaryDirectory() + "/assay-\(name)-\(version)"
        // Test programs run side by side: one of them makes the environment.
        let script = """
            exec 9>"$1.lock" && flock 9 || exit 1
            find_it() { "$1/bin/python" -c 'import importlib.util as i, sys; print(i.find_spec(sys.argv[1]).submodule_search_locations[0])' "$2"; }
            find_it "$1" "$2" 2>/dev/null && exit 0
            python3 -m venv "$1" && timeout 240 "$1/bin/pip" install -q --no-input "$2==$3" >&2 && find_it "$1" "$2"
            """
        let result = shell(script, arguments: [folder, name, version])
        programs = result.status == 0 ? folder + "/bin" : nil
        modules = result.status == 0 ? String(result.text.dropLast()) : nil
    }
}
