import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { initialCatalogue } from '../catalogue/initial.ts'
import { MAX_LENGTH } from '../listen/max-length.ts'
import { listenerId } from '../listen/name-based-id.ts'
import { createListeners } from './listener.ts'
import { COUNTRIES_WITH_NAMES } from './names.ts'
import { PLACES } from './places.ts'

const choices = await initialCatalogue()

describe('the places', () => {
  it('name each city once, with its country', () => {
    assert.equal(new Set(PLACES.map(({ city }) => city)).size, PLACES.length)
    const countryOf = new Map(PLACES.map(({ city, country }) => [city, country]))
    // A second, independent list from an atlas.
    for (const [city, country] of [
      ['Osaka', 'Japan'],
      ['Seoul', 'South Korea'],
      ['Montreal', 'Canada'],
      ['São Paulo', 'Brazil'],
      ['Casablanca', 'Morocco'],
      ['Porto', 'Portugal'],
      ['Valencia', 'Spain'],
      ['Birmingham', 'United Kingdom'],
      ['Vienna', 'Austria'],
      ['Perth', 'Australia'],
      ['Surabaya', 'Indonesia'],
      ['Guadalajara', 'Mexico'],
    ] as const)
      assert.equal(countryOf.get(city), country)
  })

  it('have names for the people of every country, and of no other', () => {
    assert.deepEqual(new Set(COUNTRIES_WITH_NAMES), new Set(PLACES.map(({ country }) => country)))
  })
})

describe('the listeners', () => {
  const listeners = createListeners(42, 3_000, choices)

  it('are the same people for the same seed, and others for another', () => {
    assert.deepEqual(createListeners(42, 3_000, choices), listeners)
    const others = new Set(createListeners(43, 3_000, choices).map(({ id }) => id))
    const shared = listeners.filter(({ id }) => others.has(id))
    assert.ok(shared.length < 100, `${shared.length} of 3000 people are in both crowds`)
  })

  it('stay who they are when the crowd grows', () => {
    assert.deepEqual(createListeners(42, 100, choices), listeners.slice(0, 100))
  })

  it('have a distinct identity, derived from name and e-mail', () => {
    assert.equal(new Set(listeners.map(({ id }) => id)).size, listeners.length)
    assert.equal(new Set(listeners.map(({ email }) => email)).size, listeners.length)
    for (const { id, name, email } of listeners) assert.equal(id, listenerId(name, email))
  })

  it('have e-mail addresses that cannot exist', () => {
    for (const { email } of listeners) assert.match(email, /^[a-z]+\.[a-z]+\d*@example\.(org|com|net)$/)
  })

  it('have names in Latin script that fit into a listen', () => {
    for (const { name } of listeners) {
      assert.match(name, /^[\p{Script=Latin}\p{Mark}' .’-]+$/u)
      assert.ok(name.length <= MAX_LENGTH.name)
    }
  })

  it('live in a city of the country they live in', () => {
    const places = new Set(PLACES.map(({ city, country }) => `${city}, ${country}`))
    for (const { city, country } of listeners) assert.ok(places.has(`${city}, ${country}`))
    const inhabited = new Set(listeners.map(({ city }) => city))
    assert.ok(inhabited.size > PLACES.length * 0.9, `${inhabited.size} cities have listeners`)
  })

  it('choose from the catalogue', () => {
    for (const { platform, otherPlatform, genres, moods } of listeners.slice(0, 500)) {
      assert.ok(choices.platforms.includes(platform) && choices.platforms.includes(otherPlatform))
      assert.equal(new Set(genres).size, 3)
      assert.ok(genres.every((genre) => choices.genres.includes(genre)))
      assert.equal(new Set(moods).size, 5)
      assert.ok(moods.every((mood) => choices.moods.includes(mood)))
    }
  })

  it('may have fewer choices than usual', () => {
    const [listener] = createListeners(1, 1, { platforms: ['Radio'], moods: ['Calm'], genres: [] })
    assert.deepEqual([listener?.platform, listener?.moods, listener?.genres], ['Radio', ['Calm'], []])
  })
})
