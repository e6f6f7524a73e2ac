// Reads compose files as `docker compose` does (interpolation, merging, profiles, the specification's schema, what services
// refer to) and prints the project that comes out as JSON. Arguments: profiles, comma-separated, and the files.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	options, err := cli.NewProjectOptions(
		os.Args[2:],
		cli.WithProfiles(strings.Split(os.Args[1], ",")),
		cli.WithOsEnv,
		cli.WithResolvedPaths(true),
	)
	fail(err)
	project, err := options.LoadProject(context.Background())
	fail(err)
	text, err := project.MarshalJSON()
	fail(err)
	fmt.Println(string(text))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
