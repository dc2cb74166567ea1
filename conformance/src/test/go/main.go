// Connects with the official Go SDK, subscribes and prints what it hears, a line of JSON for each event.
//
// Arguments: address, token, "json" or "protobuf", and a channel for each further one, with "+delta" behind it for
// differences. Commands on standard input: "offline" disconnects, "online" connects again, the end of the input ends it.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/centrifugal/centrifuge-go"
)

// The SDK does not say which publications came as a difference; what it logs of the connection does.
var patch = regexp.MustCompile(`"delta":\s*true`)

var output sync.Mutex

func event(kind string, fields map[string]interface{}) {
	fields["event"] = kind
	line, err := json.Marshal(fields)
	must(err)
	output.Lock()
	defer output.Unlock()
	_, err = os.Stdout.Write(append(line, '\n'))
	must(err)
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	address, token, encoding, channels := os.Args[1], os.Args[2], os.Args[3], os.Args[4:]
	config := centrifuge.Config{
		Token:             token,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		HandshakeTimeout:  30 * time.Second,
		MinReconnectDelay: 20 * time.Millisecond,
		MaxReconnectDelay: 200 * time.Millisecond,
		LogLevel:          centrifuge.LogLevelTrace,
		LogHandler: func(entry centrifuge.LogEntry) {
			if patch.MatchString(entry.Fields["push"]) {
				event("patch", map[string]interface{}{})
			}
		},
	}
	var client *centrifuge.Client
	if encoding == "json" {
		client = centrifuge.NewJsonClient(address, config)
	} else {
		client = centrifuge.NewProtobufClient(address, config)
	}
	client.OnConnecting(func(e centrifuge.ConnectingEvent) {
		event("connecting", map[string]interface{}{"code": e.Code})
	})
	client.OnDisconnected(func(e centrifuge.DisconnectedEvent) {
		event("disconnected", map[string]interface{}{"code": e.Code})
	})
	client.OnError(func(e centrifuge.ErrorEvent) { log.Print(e.Error) })
	for _, name := range channels {
		subscribe(client, name)
	}
	must(client.Connect())

	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		switch commands.Text() {
		case "offline":
			must(client.Disconnect())
		case "online":
			must(client.Connect())
		default:
			log.Fatal("unknown command " + commands.Text())
		}
	}
	client.Close()
}

func subscribe(client *centrifuge.Client, name string) {
	channel := strings.TrimSuffix(name, "+delta")
	options := centrifuge.SubscriptionConfig{}
	if channel != name {
		options.Delta = centrifuge.DeltaTypeFossil
	}
	subscription, err := client.NewSubscription(channel, options)
	must(err)
	subscription.OnSubscribed(func(e centrifuge.SubscribedEvent) {
		event("subscribed", map[string]interface{}{"channel": channel, "recovered": e.Recovered})
	})
	subscription.OnUnsubscribed(func(e centrifuge.UnsubscribedEvent) {
		event("unsubscribed", map[string]interface{}{"channel": channel, "code": e.Code})
	})
	subscription.OnError(func(e centrifuge.SubscriptionErrorEvent) { log.Print(e.Error) })
	subscription.OnPublication(func(e centrifuge.PublicationEvent) {
		event("publication", map[string]interface{}{
			"channel": channel, "offset": e.Offset, "data": json.RawMessage(e.Data),
		})
	})
	must(subscription.Subscribe())
}
