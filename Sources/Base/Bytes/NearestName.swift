/// Finds the name that somebody most likely meant.
package enum NearestName {
    /// `, did you mean 'NAME'?` when one of `names` is close to `wrong`, else nothing.
    package static func hint(for wrong: String, among names: some Sequence<String>) -> String {
        nearest(to: wrong, among: names).map { ", did you mean '\($0)'?" } ?? ""
    }

    /// The one of `names` that is close to `wrong`, if one is.
    package static func nearest(to wrong: String, among names: some Sequence<String>) -> String? {
        // What is much longer than any name is no slip of the pen.
        guard wrong.utf8.count <= 64 else { return nil }
        let limit = max(1, min(3, wrong.utf8.count / 3))
        let nearest = names.sorted().filter { abs($0.utf8.count - wrong.utf8.count) <= limit }
            .map { (name: $0, distance: distance(wrong, $0)) }.min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= limit else { return nil }
        return nearest.name
    }

    /// How many bytes must be inserted, removed, replaced or swapped with their neighbour to make one of the other.
    package static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (byte == other ? 0 : 1))
                if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
